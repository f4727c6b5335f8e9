-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001

CREATE TABLE executor_execution (
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
);

CREATE UNIQUE INDEX executor_execution_change ON executor_execution (change);

CREATE INDEX executor_execution_phase ON executor_execution (phase, id);
