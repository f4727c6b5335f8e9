-- Generated from store/tables by `make gen`; never edited.
-- revisions: 0001
-- digest: edc29d1aac3adaa4

CREATE TABLE executor_execution (
	id BLOB NOT NULL,
	namespace TEXT NOT NULL,
	flow_run_id BLOB NOT NULL,
	fence INTEGER NOT NULL,
	incarnation BLOB NOT NULL,
	runtime TEXT NOT NULL,
	handle TEXT NOT NULL,
	phase TEXT NOT NULL,
	exit_code INTEGER,
	message TEXT NOT NULL,
	start_time INTEGER NOT NULL,
	end_time INTEGER,
	captured_size INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX executor_execution_phase ON executor_execution (phase, id);

CREATE TABLE executor_outbox (
	position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	txid INTEGER NOT NULL,
	namespace TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id BLOB NOT NULL,
	scope_id BLOB,
	seq INTEGER NOT NULL,
	create_time INTEGER NOT NULL
);

CREATE TABLE executor_outbox_floor (
	one INTEGER NOT NULL,
	txid INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (one)
);
