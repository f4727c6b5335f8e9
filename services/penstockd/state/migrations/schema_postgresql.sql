-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 60ec6fdf69395680

CREATE TABLE state_flow (
	namespace TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	id UUID NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, name),
	UNIQUE (namespace, id)
);

CREATE TABLE state_flow_run (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	flow_id UUID NOT NULL,
	parent_flow_run_id UUID,
	parent_task_run_id UUID,
	root_flow_run_id UUID NOT NULL,
	deployment_id UUID,
	deployment_version BIGINT NOT NULL,
	flow_name TEXT NOT NULL,
	tags JSONB NOT NULL,
	labels JSONB NOT NULL,
	work_pool TEXT NOT NULL,
	work_queue TEXT NOT NULL,
	program TEXT NOT NULL,
	retry_policy JSONB,
	spec BYTEA NOT NULL,
	parameters BYTEA NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time TIMESTAMP WITH TIME ZONE NOT NULL,
	scheduled_time TIMESTAMP WITH TIME ZONE,
	rolled_back BOOLEAN NOT NULL,
	attempt BIGINT NOT NULL,
	attempt_cause TEXT,
	next_cause TEXT NOT NULL,
	epoch BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	creator_kind TEXT NOT NULL,
	creator_id TEXT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	expected_start_time TIMESTAMP WITH TIME ZONE NOT NULL,
	start_time TIMESTAMP WITH TIME ZONE,
	end_time TIMESTAMP WITH TIME ZONE,
	result_id UUID,
	failure_brief BYTEA NOT NULL,
	failure BYTEA NOT NULL,
	traceparent TEXT NOT NULL,
	idempotency_key TEXT,
	delete_requested BOOLEAN NOT NULL,
	lost_starts BIGINT NOT NULL,
	is_named BOOLEAN NOT NULL,
	owned BOOLEAN NOT NULL,
	session_id UUID,
	lease_id UUID,
	fence BIGINT NOT NULL,
	ack_deadline TIMESTAMP WITH TIME ZONE,
	cancel_deadline TIMESTAMP WITH TIME ZONE,
	list_deadline TIMESTAMP WITH TIME ZONE,
	lease_phase TEXT NOT NULL,
	checkpoint BYTEA NOT NULL,
	next_sequence BIGINT NOT NULL,
	open_task_runs BIGINT NOT NULL,
	PRIMARY KEY (namespace, id),
	UNIQUE (namespace, idempotency_key)
);

CREATE INDEX state_flow_run_ack ON state_flow_run (ack_deadline) WHERE ack_deadline IS NOT NULL;

CREATE INDEX state_flow_run_cancel ON state_flow_run (cancel_deadline) WHERE cancel_deadline IS NOT NULL;

CREATE INDEX state_flow_run_created ON state_flow_run (namespace, create_time);

CREATE INDEX state_flow_run_deletion ON state_flow_run (end_time) WHERE delete_requested;

CREATE INDEX state_flow_run_deployment ON state_flow_run (namespace, deployment_id, id) WHERE deployment_id IS NOT NULL;

CREATE INDEX state_flow_run_ended ON state_flow_run (namespace, end_time) WHERE end_time IS NOT NULL;

CREATE INDEX state_flow_run_expected ON state_flow_run (namespace, expected_start_time);

CREATE INDEX state_flow_run_flow ON state_flow_run (namespace, flow_name, id);

CREATE INDEX state_flow_run_lease ON state_flow_run (namespace, lease_id) WHERE lease_id IS NOT NULL;

CREATE INDEX state_flow_run_list ON state_flow_run (list_deadline) WHERE list_deadline IS NOT NULL;

CREATE INDEX state_flow_run_owned ON state_flow_run (namespace, session_id) WHERE owned;

CREATE INDEX state_flow_run_parent ON state_flow_run (namespace, parent_flow_run_id, id) WHERE parent_flow_run_id IS NOT NULL;

CREATE INDEX state_flow_run_pool ON state_flow_run (namespace, work_pool, id);

CREATE INDEX state_flow_run_ready ON state_flow_run (namespace, work_pool, work_queue, program, scheduled_time, id) WHERE state_type = 'SCHEDULED' AND owned = false;

CREATE INDEX state_flow_run_root ON state_flow_run (namespace, root_flow_run_id, id) WHERE parent_flow_run_id IS NOT NULL;

CREATE INDEX state_flow_run_started ON state_flow_run (namespace, start_time) WHERE start_time IS NOT NULL;

CREATE INDEX state_flow_run_state ON state_flow_run (namespace, state_type, id);

CREATE TABLE state_flow_run_label (
	namespace TEXT NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	PRIMARY KEY (namespace, key, value, flow_run_id)
);

CREATE INDEX state_flow_run_label_run ON state_flow_run_label (namespace, flow_run_id);

CREATE TABLE state_journal (
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	first_sequence BIGINT NOT NULL,
	count BIGINT NOT NULL,
	request_id UUID NOT NULL,
	request_hash BYTEA NOT NULL,
	entries BYTEA NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, fence, first_sequence),
	UNIQUE (namespace, request_id)
);

CREATE TABLE state_lease_outcome (
	namespace TEXT NOT NULL,
	lease_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time TIMESTAMP WITH TIME ZONE NOT NULL,
	scheduled_time TIMESTAMP WITH TIME ZONE,
	rolled_back BOOLEAN NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, lease_id, fence)
);

CREATE INDEX state_lease_outcome_age ON state_lease_outcome (create_time);

CREATE TABLE state_log (
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	position BIGINT NOT NULL,
	"offset" BIGINT NOT NULL,
	time TIMESTAMP WITH TIME ZONE NOT NULL,
	level BIGINT NOT NULL,
	logger TEXT NOT NULL,
	message TEXT NOT NULL,
	task_run_id UUID,
	attempt BIGINT NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, position)
);

CREATE INDEX state_log_task_run ON state_log (task_run_id, position) WHERE task_run_id IS NOT NULL;

CREATE TABLE state_log_source (
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	lease_id UUID NOT NULL,
	source TEXT NOT NULL,
	acknowledged_offset BIGINT NOT NULL,
	ended BOOLEAN NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, lease_id, source)
);

CREATE TABLE state_outbox (
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

CREATE INDEX state_outbox_position ON state_outbox (txid, position);

CREATE TABLE state_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE state_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id UUID NOT NULL,
	request_hash BYTEA NOT NULL,
	response BYTEA,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX state_request_log_age ON state_request_log (create_time);

CREATE TABLE state_task_run (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	flow_run_id UUID NOT NULL,
	position BIGINT NOT NULL,
	epoch BIGINT NOT NULL,
	name TEXT NOT NULL,
	task_name TEXT NOT NULL,
	task_key TEXT NOT NULL,
	source_digest BYTEA NOT NULL,
	input_digest BYTEA NOT NULL,
	occurrence BIGINT NOT NULL,
	parent_task_run_id UUID,
	upstream BYTEA NOT NULL,
	tags JSONB,
	has_rollback_hook BOOLEAN NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time TIMESTAMP WITH TIME ZONE NOT NULL,
	scheduled_time TIMESTAMP WITH TIME ZONE,
	rolled_back BOOLEAN NOT NULL,
	attempt BIGINT NOT NULL,
	attempt_cause TEXT,
	revision BIGINT NOT NULL,
	inputs BYTEA NOT NULL,
	result BYTEA NOT NULL,
	failure BYTEA NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	start_time TIMESTAMP WITH TIME ZONE,
	end_time TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (namespace, id),
	UNIQUE (namespace, flow_run_id, position)
);

CREATE TABLE state_transition (
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	revision BIGINT NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time TIMESTAMP WITH TIME ZONE NOT NULL,
	scheduled_time TIMESTAMP WITH TIME ZONE,
	rolled_back BOOLEAN NOT NULL,
	attempt BIGINT NOT NULL,
	attempt_cause TEXT,
	epoch BIGINT NOT NULL,
	session_id UUID,
	start_time TIMESTAMP WITH TIME ZONE,
	result_id UUID,
	failure_brief BYTEA NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id TEXT NOT NULL,
	fence BIGINT NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, revision)
);

CREATE TABLE state_worker_session (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	alive BOOLEAN NOT NULL,
	revision BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE,
	end_time TIMESTAMP WITH TIME ZONE,
	closed BOOLEAN NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX state_worker_session_alive ON state_worker_session (lease_until) WHERE alive;

CREATE INDEX state_worker_session_ended ON state_worker_session (end_time) WHERE end_time IS NOT NULL;
