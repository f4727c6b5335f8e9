"""The tables of the artifact service, all with its prefix; a resource's are in its module."""

import sqlalchemy as sa

from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()
outbox = outbox_table(metadata, "artifact")
request_log = request_log_table(metadata, "artifact")
