-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: d2122b4d1c08e1ca

CREATE TABLE scheduler_cursor (
	namespace TEXT NOT NULL,
	feed TEXT NOT NULL,
	cursor TEXT NOT NULL,
	PRIMARY KEY (namespace, feed)
);

CREATE TABLE scheduler_deployment (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	flow_name TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_flow_name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	version INTEGER NOT NULL,
	work_pool TEXT NOT NULL,
	work_queue TEXT NOT NULL,
	tags TEXT NOT NULL,
	description TEXT NOT NULL,
	revision INTEGER NOT NULL,
	create_time INTEGER NOT NULL,
	update_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, id),
	UNIQUE (namespace, flow_name, name)
);

CREATE TABLE scheduler_deployment_version (
	namespace TEXT NOT NULL,
	deployment_id BLOB NOT NULL,
	version INTEGER NOT NULL,
	spec BLOB NOT NULL,
	parameters BLOB NOT NULL,
	parameter_schema BLOB NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, deployment_id, version)
);

CREATE TABLE scheduler_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
);

CREATE TABLE scheduler_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE scheduler_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	response BLOB,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX scheduler_request_log_age ON scheduler_request_log (create_time);

CREATE TABLE scheduler_work_pool (
	namespace TEXT NOT NULL,
	name TEXT NOT NULL,
	id BLOB NOT NULL,
	pool_type TEXT NOT NULL,
	description TEXT NOT NULL,
	create_time INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	PRIMARY KEY (namespace, name),
	UNIQUE (namespace, id)
);

CREATE TABLE scheduler_work_queue (
	namespace TEXT NOT NULL,
	work_pool TEXT NOT NULL,
	name TEXT NOT NULL,
	priority INTEGER NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, work_pool, name)
);

CREATE TABLE scheduler_worker (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	name TEXT NOT NULL,
	work_pool TEXT NOT NULL,
	work_queues TEXT NOT NULL,
	slots INTEGER NOT NULL,
	protocol_version INTEGER NOT NULL,
	programs TEXT NOT NULL,
	handlers TEXT NOT NULL,
	execution_address TEXT NOT NULL,
	alive BOOLEAN NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX scheduler_worker_newest ON scheduler_worker (namespace, create_time, id);
