"""The first schema. Written by `make gen` until there is a second revision."""

# fmt: off
from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = {
    "sqlite": [
        """CREATE TABLE executor_execution (
	id BLOB NOT NULL,
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	keeper BLOB NOT NULL,
	runtime TEXT NOT NULL,
	handle TEXT NOT NULL,
	phase TEXT NOT NULL,
	exit_code INTEGER,
	message TEXT NOT NULL,
	start_time INTEGER NOT NULL,
	end_time INTEGER,
	captured_size INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	PRIMARY KEY (id)
)""",
        """CREATE INDEX executor_execution_phase ON executor_execution (phase, id)""",
        """CREATE TABLE executor_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
)""",
        """CREATE TABLE executor_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
)""",
    ],
    "postgresql": [
        """CREATE TABLE executor_execution (
	id UUID NOT NULL,
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	keeper UUID NOT NULL,
	runtime TEXT NOT NULL,
	handle TEXT NOT NULL,
	phase TEXT NOT NULL,
	exit_code BIGINT,
	message TEXT NOT NULL,
	start_time TIMESTAMP WITH TIME ZONE NOT NULL,
	end_time TIMESTAMP WITH TIME ZONE,
	captured_size BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	PRIMARY KEY (id)
)""",
        """CREATE INDEX executor_execution_phase ON executor_execution (phase, id)""",
        """CREATE TABLE executor_outbox (
	position BIGSERIAL NOT NULL,
	txid BIGINT NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id UUID NOT NULL,
	scope_id UUID,
	seq BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (position)
)""",
        """CREATE INDEX executor_outbox_place ON executor_outbox (txid, position)""",
        """CREATE TABLE executor_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
)""",
    ],
}


def upgrade() -> None:
    connection = op.get_bind()
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
