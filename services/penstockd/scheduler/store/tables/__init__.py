"""The tables of the scheduler, all with its prefix; a resource's are in its module."""

import sqlalchemy as sa

from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()
outbox = outbox_table(metadata, "scheduler")
request_log = request_log_table(metadata, "scheduler")
