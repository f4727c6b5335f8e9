-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: a3e04ed670eef625

CREATE TABLE sample_outbox (
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

CREATE INDEX sample_outbox_position ON sample_outbox (txid, position);

CREATE TABLE sample_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE sample_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id UUID NOT NULL,
	request_hash BYTEA NOT NULL,
	response BYTEA,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX sample_request_log_age ON sample_request_log (create_time);

CREATE TABLE sample_thing (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	revision BIGINT NOT NULL,
	name TEXT,
	broken BOOLEAN,
	weight DOUBLE PRECISION,
	age BIGINT,
	labels JSONB,
	picture BYTEA,
	parent_id UUID,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	update_time TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX sample_thing_name ON sample_thing (namespace, name);
