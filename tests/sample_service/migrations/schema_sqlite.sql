-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: 55bf2dfab4f625e9

CREATE TABLE sample_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
);

CREATE TABLE sample_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
);

CREATE TABLE sample_request_log (
	namespace TEXT NOT NULL,
	method TEXT NOT NULL,
	request_id BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	response BLOB,
	create_time INTEGER NOT NULL,
	PRIMARY KEY (namespace, method, request_id)
);

CREATE INDEX sample_request_log_age ON sample_request_log (create_time);

CREATE TABLE sample_thing (
	namespace TEXT NOT NULL,
	id BLOB NOT NULL,
	revision INTEGER NOT NULL,
	name TEXT,
	broken BOOLEAN,
	weight REAL,
	age INTEGER,
	labels TEXT,
	picture BLOB,
	parent_id BLOB,
	create_time INTEGER NOT NULL,
	update_time INTEGER,
	PRIMARY KEY (namespace, id)
);

CREATE INDEX sample_thing_name ON sample_thing (namespace, name);
