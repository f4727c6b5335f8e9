-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 9d14f90e41acacc4

CREATE TABLE artifact_content (
	namespace TEXT NOT NULL,
	sha256 BYTEA NOT NULL,
	size BIGINT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, sha256)
);

CREATE TABLE artifact_content_home (
	kind TEXT NOT NULL,
	id UUID NOT NULL,
	place TEXT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (kind)
);

CREATE TABLE artifact_fence (
	namespace TEXT NOT NULL,
	flow_run_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	PRIMARY KEY (namespace, flow_run_id)
);

CREATE TABLE artifact_outbox (
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

CREATE INDEX artifact_outbox_position ON artifact_outbox (txid, position);

CREATE TABLE artifact_outbox_floor (
	one BIGINT NOT NULL,
	txid BIGINT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE artifact_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id UUID NOT NULL,
	request_hash BYTEA NOT NULL,
	response BYTEA,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX artifact_request_log_age ON artifact_request_log (create_time);

CREATE TABLE artifact_result (
	namespace TEXT NOT NULL,
	id UUID NOT NULL,
	flow_run_id UUID NOT NULL,
	lease_id UUID NOT NULL,
	fence BIGINT NOT NULL,
	content_type TEXT NOT NULL,
	inline BYTEA,
	sha256 BYTEA,
	size BIGINT,
	integer_pointers JSONB NOT NULL,
	redacted_pointers JSONB NOT NULL,
	traceparent TEXT NOT NULL,
	create_time TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX artifact_result_flow_run ON artifact_result (namespace, flow_run_id);
