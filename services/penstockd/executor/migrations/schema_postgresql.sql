-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001

CREATE TABLE executor_execution (
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
);

CREATE UNIQUE INDEX executor_execution_change ON executor_execution (change);

CREATE INDEX executor_execution_phase ON executor_execution (phase, id);
