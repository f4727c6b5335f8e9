-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 981a040fbfeb059a

CREATE TABLE state_flow (
	namespace TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	id BLOB NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, name),
	UNIQUE (namespace, id)
)
 WITHOUT ROWID;

CREATE TABLE state_flow_run (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	flow_id BLOB NOT NULL,
	parent_flow_run_id BLOB,
	parent_task_run_id BLOB,
	root_flow_run_id BLOB NOT NULL,
	deployment_id BLOB,
	deployment_version INTEGER NOT NULL,
	flow_name TEXT NOT NULL,
	tags TEXT NOT NULL,
	labels TEXT NOT NULL,
	work_pool TEXT NOT NULL,
	work_queue TEXT NOT NULL,
	program TEXT NOT NULL,
	retry_policy TEXT,
	spec BLOB NOT NULL,
	parameters BLOB NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time INTEGER NOT NULL,
	scheduled_time INTEGER,
	rolled_back BOOLEAN NOT NULL,
	attempt INTEGER NOT NULL,
	attempt_cause TEXT,
	next_cause TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	creator_kind TEXT NOT NULL,
	creator_id TEXT NOT NULL,
	create_time INTEGER NOT NULL,
	expected_start_time INTEGER NOT NULL,
	start_time INTEGER,
	end_time INTEGER,
	result_id BLOB,
	failure_brief BLOB NOT NULL,
	failure BLOB NOT NULL,
	traceparent TEXT NOT NULL,
	idempotency_key TEXT,
	delete_requested BOOLEAN NOT NULL,
	lost_starts INTEGER NOT NULL,
	is_named BOOLEAN NOT NULL,
	owned BOOLEAN NOT NULL,
	session_id BLOB,
	lease_id BLOB,
	fence INTEGER NOT NULL,
	ack_deadline INTEGER,
	cancel_deadline INTEGER,
	list_deadline INTEGER,
	lease_phase TEXT NOT NULL,
	checkpoint BLOB NOT NULL,
	next_sequence INTEGER NOT NULL,
	open_task_runs INTEGER NOT NULL,
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

CREATE INDEX state_flow_run_ready ON state_flow_run (namespace, work_pool, work_queue, program, scheduled_time, id) WHERE state_type = 'SCHEDULED' AND owned = 0;

CREATE INDEX state_flow_run_root ON state_flow_run (namespace, root_flow_run_id, id) WHERE parent_flow_run_id IS NOT NULL;

CREATE INDEX state_flow_run_started ON state_flow_run (namespace, start_time) WHERE start_time IS NOT NULL;

CREATE INDEX state_flow_run_state ON state_flow_run (namespace, state_type, id);

CREATE TABLE state_flow_run_label (
	namespace TEXT NOT NULL,
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	PRIMARY KEY (namespace, "key", value, flow_run_id)
)
 WITHOUT ROWID;

CREATE INDEX state_flow_run_label_run ON state_flow_run_label (namespace, flow_run_id);

CREATE TABLE state_journal (
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	first_sequence INTEGER NOT NULL,
	count INTEGER NOT NULL,
	request_id BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	entries BLOB NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, fence, first_sequence),
	UNIQUE (namespace, request_id)
);

CREATE TABLE state_lease_outcome (
	namespace TEXT NOT NULL,
	lease_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time INTEGER NOT NULL,
	scheduled_time INTEGER,
	rolled_back BOOLEAN NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, lease_id, fence)
)
 WITHOUT ROWID;

CREATE INDEX state_lease_outcome_age ON state_lease_outcome (create_time);

CREATE TABLE state_log (
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	position INTEGER NOT NULL,
	"offset" INTEGER NOT NULL,
	time INTEGER NOT NULL,
	level INTEGER NOT NULL,
	logger TEXT NOT NULL,
	message TEXT NOT NULL,
	task_run_id BLOB,
	attempt INTEGER NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, position)
)
 WITHOUT ROWID;

CREATE INDEX state_log_task_run ON state_log (task_run_id, position) WHERE task_run_id IS NOT NULL;

CREATE TABLE state_log_source (
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	lease_id BLOB NOT NULL,
	source TEXT NOT NULL,
	acknowledged_offset INTEGER NOT NULL,
	ended BOOLEAN NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, lease_id, source)
)
 WITHOUT ROWID;

CREATE TABLE state_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
);

CREATE TABLE state_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE state_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	response BLOB,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX state_request_log_age ON state_request_log (create_time);

CREATE TABLE state_task_run (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	flow_run_id BLOB NOT NULL,
	position INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	name TEXT NOT NULL,
	task_name TEXT NOT NULL,
	task_key TEXT NOT NULL,
	source_digest BLOB NOT NULL,
	input_digest BLOB NOT NULL,
	occurrence INTEGER NOT NULL,
	parent_task_run_id BLOB,
	upstream BLOB NOT NULL,
	tags TEXT,
	has_rollback_hook BOOLEAN NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time INTEGER NOT NULL,
	scheduled_time INTEGER,
	rolled_back BOOLEAN NOT NULL,
	attempt INTEGER NOT NULL,
	attempt_cause TEXT,
	revision INTEGER NOT NULL,
	inputs BLOB NOT NULL,
	result BLOB NOT NULL,
	failure BLOB NOT NULL,
	create_time INTEGER NOT NULL,
	start_time INTEGER,
	end_time INTEGER,
	PRIMARY KEY (namespace, id),
	UNIQUE (namespace, flow_run_id, position)
);

CREATE TABLE state_transition (
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	revision INTEGER NOT NULL,
	state_type TEXT NOT NULL,
	state_name TEXT NOT NULL,
	state_message TEXT NOT NULL,
	state_time INTEGER NOT NULL,
	scheduled_time INTEGER,
	rolled_back BOOLEAN NOT NULL,
	attempt INTEGER NOT NULL,
	attempt_cause TEXT,
	epoch INTEGER NOT NULL,
	session_id BLOB,
	start_time INTEGER,
	result_id BLOB,
	failure_brief BLOB NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id TEXT NOT NULL,
	fence INTEGER NOT NULL,
	PRIMARY KEY (namespace, flow_run_id, revision)
)
 WITHOUT ROWID;

CREATE TABLE state_worker_session (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	kind TEXT NOT NULL,
	alive BOOLEAN NOT NULL,
	revision INTEGER NOT NULL,
	create_time INTEGER NOT NULL,
	lease_until INTEGER,
	end_time INTEGER,
	closed BOOLEAN NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX state_worker_session_alive ON state_worker_session (lease_until) WHERE alive;

CREATE INDEX state_worker_session_ended ON state_worker_session (end_time) WHERE end_time IS NOT NULL;
