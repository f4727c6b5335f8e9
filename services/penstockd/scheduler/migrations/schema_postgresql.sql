-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 54eb2fc1ef95938b

CREATE TABLE scheduler_cursor (
	namespace TEXT NOT NULL,
	feed TEXT NOT NULL,
	cursor TEXT NOT NULL,
	PRIMARY KEY (namespace, feed)
);

CREATE TABLE scheduler_deployment (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	flow_name TEXT NOT NULL,
	name TEXT NOT NULL,
	folded_flow_name TEXT NOT NULL,
	folded_name TEXT NOT NULL,
	version BIGINT NOT NULL,
	work_pool TEXT NOT NULL,
	work_queue TEXT NOT NULL,
	tags JSONB NOT NULL,
	description TEXT NOT NULL,
	revision BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	update_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, id),
	UNIQUE (namespace, flow_name, name)
);

CREATE TABLE scheduler_deployment_version (
	namespace TEXT NOT NULL,
	deployment_id UUID NOT NULL,
	version BIGINT NOT NULL,
	spec BYTEA NOT NULL,
	parameters BYTEA NOT NULL,
	parameter_schema BYTEA NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, deployment_id, version)
);

CREATE TABLE scheduler_outbox (
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

CREATE INDEX scheduler_outbox_position ON scheduler_outbox (txid, position);

CREATE TABLE scheduler_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE scheduler_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id UUID NOT NULL,
	request_hash BYTEA NOT NULL,
	response BYTEA,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX scheduler_request_log_age ON scheduler_request_log (create_time);

CREATE TABLE scheduler_work_pool (
	namespace TEXT NOT NULL,
	name TEXT NOT NULL,
	id UUID NOT NULL,
	pool_type TEXT NOT NULL,
	description TEXT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	revision BIGINT NOT NULL,
	PRIMARY KEY (namespace, name),
	UNIQUE (namespace, id)
);

CREATE TABLE scheduler_work_queue (
	namespace TEXT NOT NULL,
	work_pool TEXT NOT NULL,
	name TEXT NOT NULL,
	priority BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, work_pool, name)
);

CREATE TABLE scheduler_worker (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	work_pool TEXT NOT NULL,
	work_queues JSONB NOT NULL,
	slots BIGINT NOT NULL,
	protocol_version BIGINT NOT NULL,
	programs JSONB NOT NULL,
	handlers JSONB NOT NULL,
	execution_address TEXT NOT NULL,
	alive BOOLEAN NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX scheduler_worker_newest ON scheduler_worker (namespace, create_time, id);
