"""Generated from statements/journal.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

JOURNAL_HEAD = Statement(
    name="state.JOURNAL_HEAD",
    sqlite=(
        'SELECT state_flow_run.fence, state_flow_run.lease_id, state_flow_run.owned, '
        'state_flow_run.epoch, state_flow_run.next_sequence FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
    ),
    postgresql=(
        'SELECT state_flow_run.fence, state_flow_run.lease_id, state_flow_run.owned, '
        'state_flow_run.epoch, state_flow_run.next_sequence FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.id = $2::uuid FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("fence", "int"),
        ("lease_id", "uuid"),
        ("owned", "bool"),
        ("epoch", "int"),
        ("next_sequence", "int"),
    ),
)

ADVANCE_JOURNAL = Statement(
    name="state.ADVANCE_JOURNAL",
    sqlite=(
        'UPDATE state_flow_run SET next_sequence=?1, '
        'open_task_runs=(state_flow_run.open_task_runs + ?2) WHERE state_flow_run.namespace '
        '= ?3 AND state_flow_run.id = ?4 AND state_flow_run.fence = ?5 AND '
        'state_flow_run.owned'
    ),
    postgresql=(
        'UPDATE state_flow_run SET next_sequence=$1::bigint, '
        'open_task_runs=(state_flow_run.open_task_runs + $2::bigint) WHERE '
        'state_flow_run.namespace = $3::text AND state_flow_run.id = $4::uuid AND '
        'state_flow_run.fence = $5::bigint AND state_flow_run.owned'
    ),
    binds=(
        ("next_sequence", "int"),
        ("opened", "int"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("fence", "int"),
    ),
)

INSERT_BATCH = Statement(
    name="state.INSERT_BATCH",
    sqlite=(
        'INSERT INTO state_journal (namespace, flow_run_id, fence, first_sequence, count, '
        'request_id, request_hash, entries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)'
    ),
    postgresql=(
        'INSERT INTO state_journal (namespace, flow_run_id, fence, first_sequence, count, '
        'request_id, request_hash, entries) VALUES ($1::text, $2::uuid, $3::bigint, '
        '$4::bigint, $5::bigint, $6::uuid, $7::bytea, $8::bytea)'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("first_sequence", "int"),
        ("count", "int"),
        ("request_id", "uuid"),
        ("request_hash", "bytes"),
        ("entries", "bytes"),
    ),
)

BATCH_BY_REQUEST = Statement(
    name="state.BATCH_BY_REQUEST",
    sqlite=(
        'SELECT state_journal.flow_run_id, state_journal.first_sequence, '
        'state_journal.count, state_journal.request_hash FROM state_journal WHERE '
        'state_journal.namespace = ?1 AND state_journal.request_id = ?2'
    ),
    postgresql=(
        'SELECT state_journal.flow_run_id, state_journal.first_sequence, '
        'state_journal.count, state_journal.request_hash FROM state_journal WHERE '
        'state_journal.namespace = $1::text AND state_journal.request_id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("request_id", "uuid"),
    ),
    columns=(
        ("flow_run_id", "uuid"),
        ("first_sequence", "int"),
        ("count", "int"),
        ("request_hash", "bytes"),
    ),
)

BATCHES = Statement(
    name="state.BATCHES",
    sqlite=(
        'SELECT state_journal.namespace, state_journal.flow_run_id, state_journal.fence, '
        'state_journal.first_sequence, state_journal.count, state_journal.request_id, '
        'state_journal.request_hash, state_journal.entries FROM state_journal WHERE '
        'state_journal.namespace = ?1 AND state_journal.flow_run_id = ?2 AND '
        '(state_journal.fence, state_journal.first_sequence) >= (?3, ?4) ORDER BY '
        'state_journal.fence, state_journal.first_sequence  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_journal.namespace, state_journal.flow_run_id, state_journal.fence, '
        'state_journal.first_sequence, state_journal.count, state_journal.request_id, '
        'state_journal.request_hash, state_journal.entries FROM state_journal WHERE '
        'state_journal.namespace = $1::text AND state_journal.flow_run_id = $2::uuid AND '
        '(state_journal.fence, state_journal.first_sequence) >= ($3::bigint, $4::bigint) '
        'ORDER BY state_journal.fence, state_journal.first_sequence  LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("first_sequence", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
        ("first_sequence", "int"),
        ("count", "int"),
        ("request_id", "uuid"),
        ("request_hash", "bytes"),
        ("entries", "bytes"),
    ),
)

BATCHES_AFTER = Statement(
    name="state.BATCHES_AFTER",
    sqlite=(
        'SELECT state_journal.fence, state_journal.first_sequence, state_journal.count, '
        'length(state_journal.entries) AS size FROM state_journal WHERE '
        'state_journal.namespace = ?1 AND state_journal.flow_run_id = ?2 AND '
        '(state_journal.fence, (state_journal.first_sequence + state_journal.count) - 1) > '
        '(?3, ?4) ORDER BY state_journal.fence, state_journal.first_sequence  LIMIT ?5 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_journal.fence, state_journal.first_sequence, state_journal.count, '
        'length(state_journal.entries) AS size FROM state_journal WHERE '
        'state_journal.namespace = $1::text AND state_journal.flow_run_id = $2::uuid AND '
        '(state_journal.fence, (state_journal.first_sequence + state_journal.count) - 1) > '
        '($3::bigint, $4::bigint) ORDER BY state_journal.fence, '
        'state_journal.first_sequence  LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after_fence", "int"),
        ("after_sequence", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("fence", "int"),
        ("first_sequence", "int"),
        ("count", "int"),
        ("size", "int"),
    ),
)

KNOWN_TASK_RUNS = Statement(
    name="state.KNOWN_TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.id, state_task_run.flow_run_id, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.failure, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = ?1 AND state_task_run.id IN (WITH '
        'RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 '
        '< length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_task_run.id, state_task_run.flow_run_id, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.failure, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = $1::text AND state_task_run.id = '
        'ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
    columns=(
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

INSERT_TASK_RUN = Statement(
    name="state.INSERT_TASK_RUN",
    sqlite=(
        'INSERT INTO state_task_run (namespace, id, flow_run_id, position, epoch, name, '
        'task_name, task_key, source_digest, input_digest, occurrence, parent_task_run_id, '
        'upstream, tags, has_rollback_hook, state_type, state_name, state_message, '
        'state_time, scheduled_time, rolled_back, attempt, attempt_cause, revision, inputs, '
        'result, failure, create_time, start_time, end_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '
        '?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, '
        '?24, ?25, ?26, ?27, ?28, ?29, ?30)'
    ),
    postgresql=(
        'INSERT INTO state_task_run (namespace, id, flow_run_id, position, epoch, name, '
        'task_name, task_key, source_digest, input_digest, occurrence, parent_task_run_id, '
        'upstream, tags, has_rollback_hook, state_type, state_name, state_message, '
        'state_time, scheduled_time, rolled_back, attempt, attempt_cause, revision, inputs, '
        'result, failure, create_time, start_time, end_time) VALUES ($1::text, $2::uuid, '
        '$3::uuid, $4::bigint, $5::bigint, $6::text, $7::text, $8::text, $9::bytea, '
        '$10::bytea, $11::bigint, $12::uuid, $13::bytea, $14::jsonb, $15::boolean, '
        '$16::text, $17::text, $18::text, $19::timestamptz, $20::timestamptz, $21::boolean, '
        '$22::bigint, $23::text, $24::bigint, $25::bytea, $26::bytea, $27::bytea, '
        '$28::timestamptz, $29::timestamptz, $30::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream", "bytes"),
        ("tags", "json"),
        ("has_rollback_hook", "bool"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("inputs", "bytes"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

SAVE_TASK_RUN = Statement(
    name="state.SAVE_TASK_RUN",
    sqlite=(
        'UPDATE state_task_run SET state_type=?1, state_name=?2, state_message=?3, '
        'state_time=?4, scheduled_time=?5, rolled_back=?6, attempt=?7, attempt_cause=?8, '
        'revision=?9, result=?10, failure=?11, start_time=?12, end_time=?13 WHERE '
        'state_task_run.namespace = ?14 AND state_task_run.id = ?15'
    ),
    postgresql=(
        'UPDATE state_task_run SET state_type=$1::text, state_name=$2::text, '
        'state_message=$3::text, state_time=$4::timestamptz, scheduled_time=$5::timestamptz, '
        'rolled_back=$6::boolean, attempt=$7::bigint, attempt_cause=$8::text, '
        'revision=$9::bigint, result=$10::bytea, failure=$11::bytea, '
        'start_time=$12::timestamptz, end_time=$13::timestamptz WHERE '
        'state_task_run.namespace = $14::text AND state_task_run.id = $15::uuid'
    ),
    binds=(
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("revision", "int"),
        ("result", "bytes"),
        ("failure", "bytes"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

JOURNAL_BYTES_BY_NAMESPACE = Statement(
    name="state.JOURNAL_BYTES_BY_NAMESPACE",
    sqlite=(
        'SELECT state_journal.namespace, CAST(sum(length(state_journal.entries)) AS INTEGER) '
        'AS used FROM state_journal GROUP BY state_journal.namespace'
    ),
    postgresql=(
        'SELECT state_journal.namespace, CAST(sum(length(state_journal.entries)) AS BIGINT) '
        'AS used FROM state_journal GROUP BY state_journal.namespace'
    ),
    columns=(
        ("namespace", "text"),
        ("used", "int"),
    ),
)
