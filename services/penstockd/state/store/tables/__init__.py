"""The tables of the state service, all with its prefix; a resource's are in its module."""

import sqlalchemy as sa

from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()
outbox = outbox_table(metadata, "state")
request_log = request_log_table(metadata, "state")
