-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 7d9607e1f0ff2e96

CREATE TABLE artifact_content (
	namespace TEXT NOT NULL,
	sha256 BLOB NOT NULL,
	size INTEGER NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, sha256)
);

CREATE TABLE artifact_content_home (
	kind TEXT NOT NULL,
	id BLOB NOT NULL,
	place TEXT NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (kind)
);

CREATE TABLE artifact_fence (
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	PRIMARY KEY (namespace, flow_run_id)
);

CREATE TABLE artifact_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
);

CREATE TABLE artifact_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE artifact_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	response BLOB,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX artifact_request_log_age ON artifact_request_log (create_time);

CREATE TABLE artifact_result (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	flow_run_id BLOB NOT NULL,
	lease_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	inline BLOB,
	sha256 BLOB,
	size INTEGER,
	integer_pointers TEXT NOT NULL,
	redacted_pointers TEXT NOT NULL,
	traceparent TEXT NOT NULL,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX artifact_result_flow_run ON artifact_result (namespace, flow_run_id);
