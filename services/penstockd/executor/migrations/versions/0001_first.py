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
	keeper_pid INTEGER NOT NULL,
	keeper_birth TEXT NOT NULL,
	phase TEXT NOT NULL,
	pid INTEGER,
	birth TEXT,
	exit_code INTEGER,
	message TEXT NOT NULL,
	start_time INTEGER NOT NULL,
	end_time INTEGER,
	captured_size INTEGER NOT NULL,
	change INTEGER NOT NULL,
	PRIMARY KEY (id)
)""",
        """CREATE UNIQUE INDEX executor_execution_change ON executor_execution (change)""",
        """CREATE INDEX executor_execution_phase ON executor_execution (phase, id)""",
    ],
    "postgresql": [
        """CREATE TABLE executor_execution (
	id UUID NOT NULL,
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	keeper_pid BIGINT NOT NULL,
	keeper_birth TEXT NOT NULL,
	phase TEXT NOT NULL,
	pid BIGINT,
	birth TEXT,
	exit_code BIGINT,
	message TEXT NOT NULL,
	start_time TIMESTAMP WITH TIME ZONE NOT NULL,
	end_time TIMESTAMP WITH TIME ZONE,
	captured_size BIGINT NOT NULL,
	change BIGINT NOT NULL,
	PRIMARY KEY (id)
)""",
        """CREATE UNIQUE INDEX executor_execution_change ON executor_execution (change)""",
        """CREATE INDEX executor_execution_phase ON executor_execution (phase, id)""",
    ],
}


def upgrade() -> None:
    connection = op.get_bind()
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
