-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 0cac2024c0b24cd1

CREATE TABLE executor_execution (
	id UUID NOT NULL,
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	incarnation UUID NOT NULL,
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
);

CREATE INDEX executor_execution_phase ON executor_execution (phase, id);

CREATE TABLE executor_outbox (
	position BIGSERIAL NOT NULL,
	txid BIGINT NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id UUID NOT NULL,
	scope_id UUID,
	seq BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (position)
);

CREATE INDEX executor_outbox_position ON executor_outbox (txid, position);

CREATE TABLE executor_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
);
