# Jaeger as its own image starts it; the context is a folder with the program.
ARG BASE
FROM ${BASE}
COPY jaeger /usr/local/bin/
ENV JAEGER_LISTEN_HOST=0.0.0.0
USER 10001
ENTRYPOINT ["jaeger"]
