"""Generated from statements/lease.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

READY_FLOW_RUNS = Statement(
    name="state.READY_FLOW_RUNS",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.parameters, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.next_cause, state_flow_run.epoch, state_flow_run.revision, '
        'state_flow_run.creator_kind, state_flow_run.creator_id, state_flow_run.create_time, '
        'state_flow_run.expected_start_time, state_flow_run.start_time, '
        'state_flow_run.end_time, state_flow_run.result_id, state_flow_run.failure_brief, '
        'state_flow_run.failure, state_flow_run.traceparent, state_flow_run.idempotency_key, '
        'state_flow_run.delete_requested, state_flow_run.lost_starts, '
        'state_flow_run.is_named, state_flow_run.owned, state_flow_run.session_id, '
        'state_flow_run.lease_id, state_flow_run.fence, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.list_deadline, '
        'state_flow_run.open_task_runs, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.work_pool = ?2 AND '
        "state_flow_run.state_type = 'SCHEDULED' AND state_flow_run.owned = 0 AND "
        'state_flow_run.work_queue = ?3 AND state_flow_run.program = ?4 AND '
        'state_flow_run.scheduled_time <= ?5 ORDER BY state_flow_run.scheduled_time, '
        'state_flow_run.id  LIMIT ?6 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.parameters, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.next_cause, state_flow_run.epoch, state_flow_run.revision, '
        'state_flow_run.creator_kind, state_flow_run.creator_id, state_flow_run.create_time, '
        'state_flow_run.expected_start_time, state_flow_run.start_time, '
        'state_flow_run.end_time, state_flow_run.result_id, state_flow_run.failure_brief, '
        'state_flow_run.failure, state_flow_run.traceparent, state_flow_run.idempotency_key, '
        'state_flow_run.delete_requested, state_flow_run.lost_starts, '
        'state_flow_run.is_named, state_flow_run.owned, state_flow_run.session_id, '
        'state_flow_run.lease_id, state_flow_run.fence, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.list_deadline, '
        'state_flow_run.open_task_runs, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.work_pool = $2::text AND '
        "state_flow_run.state_type = 'SCHEDULED' AND state_flow_run.owned = false AND "
        'state_flow_run.work_queue = $3::text AND state_flow_run.program = $4::text AND '
        'state_flow_run.scheduled_time <= $5::timestamptz ORDER BY '
        'state_flow_run.scheduled_time, state_flow_run.id  LIMIT $6::bigint FOR UPDATE SKIP '
        'LOCKED'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("program", "text"),
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("flow_id", "uuid"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("flow_name", "text"),
        ("tags", "json"),
        ("labels", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("program", "text"),
        ("retry_policy", "json"),
        ("spec", "bytes"),
        ("parameters", "bytes"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("next_cause", "text"),
        ("epoch", "int"),
        ("revision", "int"),
        ("creator_kind", "text"),
        ("creator_id", "text"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("failure", "bytes"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("delete_requested", "bool"),
        ("lost_starts", "int"),
        ("is_named", "bool"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("list_deadline", "time"),
        ("open_task_runs", "int"),
        ("checkpoint", "bytes"),
    ),
)

WAITING_PROGRAMS = Statement(
    name="state.WAITING_PROGRAMS",
    sqlite=(
        'SELECT heads.work_queue, heads.program, heads.due FROM (SELECT '
        'each_work_queues.value AS work_queue, each_programs.value AS program, (SELECT '
        'state_flow_run.scheduled_time FROM state_flow_run WHERE state_flow_run.namespace = '
        "?1 AND state_flow_run.work_pool = ?2 AND state_flow_run.state_type = 'SCHEDULED' "
        'AND state_flow_run.owned = 0 AND state_flow_run.work_queue = each_work_queues.value '
        'AND state_flow_run.program = each_programs.value ORDER BY '
        'state_flow_run.scheduled_time  LIMIT 1 OFFSET 0) AS due FROM (SELECT value FROM '
        'json_each(?3)) AS each_work_queues, (SELECT value FROM json_each(?4)) AS '
        'each_programs) AS heads WHERE heads.due IS NOT NULL'
    ),
    postgresql=(
        'SELECT heads.work_queue, heads.program, heads.due FROM (SELECT '
        'each_work_queues.value AS work_queue, each_programs.value AS program, (SELECT '
        'state_flow_run.scheduled_time FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.work_pool = $2::text AND state_flow_run.state_type = '
        "'SCHEDULED' AND state_flow_run.owned = false AND state_flow_run.work_queue = "
        'each_work_queues.value AND state_flow_run.program = each_programs.value ORDER BY '
        'state_flow_run.scheduled_time  LIMIT 1) AS due FROM (SELECT unnest($3::text[]) AS '
        'value) AS each_work_queues, (SELECT unnest($4::text[]) AS value) AS each_programs) '
        'AS heads WHERE heads.due IS NOT NULL'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queues", "text[]"),
        ("programs", "text[]"),
    ),
    columns=(
        ("work_queue", "text"),
        ("program", "text"),
        ("due", "time"),
    ),
)

BEGIN_LEASE = Statement(
    name="state.BEGIN_LEASE",
    sqlite=(
        "UPDATE state_flow_run SET lease_phase='OFFERED', next_sequence=1 WHERE "
        'state_flow_run.namespace = ?1 AND state_flow_run.id = ?2 AND '
        'state_flow_run.revision = ?3'
    ),
    postgresql=(
        "UPDATE state_flow_run SET lease_phase='OFFERED', next_sequence=1 WHERE "
        'state_flow_run.namespace = $1::text AND state_flow_run.id = $2::uuid AND '
        'state_flow_run.revision = $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
    ),
)

HELD_LEASES = Statement(
    name="state.HELD_LEASES",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.state_type, '
        'state_flow_run.state_message, state_flow_run.lease_phase, state_flow_run.checkpoint '
        'FROM state_flow_run WHERE state_flow_run.namespace = ?1 AND state_flow_run.lease_id '
        'IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE '
        'at + 16 < length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY '
        'state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.state_type, '
        'state_flow_run.state_message, state_flow_run.lease_phase, state_flow_run.checkpoint '
        'FROM state_flow_run WHERE state_flow_run.namespace = $1::text AND '
        'state_flow_run.lease_id = ANY($2::uuid[]) ORDER BY state_flow_run.lease_id'
    ),
    binds=(
        ("namespace", "text"),
        ("lease_ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("list_deadline", "time"),
        ("state_type", "text"),
        ("state_message", "text"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
    ),
)

LOCK_HELD_LEASES = Statement(
    name="state.LOCK_HELD_LEASES",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.state_type, '
        'state_flow_run.state_message, state_flow_run.lease_phase, state_flow_run.checkpoint '
        'FROM state_flow_run WHERE state_flow_run.namespace = ?1 AND state_flow_run.lease_id '
        'IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE '
        'at + 16 < length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY '
        'state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.state_type, '
        'state_flow_run.state_message, state_flow_run.lease_phase, state_flow_run.checkpoint '
        'FROM state_flow_run WHERE state_flow_run.namespace = $1::text AND '
        'state_flow_run.lease_id = ANY($2::uuid[]) ORDER BY state_flow_run.lease_id FOR '
        'UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("lease_ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("list_deadline", "time"),
        ("state_type", "text"),
        ("state_message", "text"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
    ),
)

ACKNOWLEDGED_LEASES = Statement(
    name="state.ACKNOWLEDGED_LEASES",
    sqlite=(
        'SELECT state_flow_run.lease_id FROM state_flow_run WHERE state_flow_run.namespace = '
        '?1 AND state_flow_run.session_id = ?2 AND state_flow_run.owned AND '
        'state_flow_run.ack_deadline IS NULL AND state_flow_run.list_deadline IS NULL'
    ),
    postgresql=(
        'SELECT state_flow_run.lease_id FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.session_id = $2::uuid AND state_flow_run.owned AND '
        'state_flow_run.ack_deadline IS NULL AND state_flow_run.list_deadline IS NULL'
    ),
    binds=(
        ("namespace", "text"),
        ("session_id", "uuid"),
    ),
    columns=(
        ("lease_id", "uuid"),
    ),
)

NOTE_LEASE = Statement(
    name="state.NOTE_LEASE",
    sqlite=(
        'UPDATE state_flow_run SET ack_deadline=?1, list_deadline=?2, lease_phase=?3, '
        'checkpoint=?4 WHERE state_flow_run.namespace = ?5 AND state_flow_run.id = ?6 AND '
        'state_flow_run.fence = ?7'
    ),
    postgresql=(
        'UPDATE state_flow_run SET ack_deadline=$1::timestamptz, '
        'list_deadline=$2::timestamptz, lease_phase=$3::text, checkpoint=$4::bytea WHERE '
        'state_flow_run.namespace = $5::text AND state_flow_run.id = $6::uuid AND '
        'state_flow_run.fence = $7::bigint'
    ),
    binds=(
        ("ack_deadline", "time"),
        ("list_deadline", "time"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("fence", "int"),
    ),
)

LOCK_FLOW_RUNS_UNDER_LEASES = Statement(
    name="state.LOCK_FLOW_RUNS_UNDER_LEASES",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.state_type, '
        'state_flow_run.state_name, state_flow_run.state_message, state_flow_run.state_time, '
        'state_flow_run.scheduled_time, state_flow_run.rolled_back, state_flow_run.attempt, '
        'state_flow_run.attempt_cause, state_flow_run.next_cause, state_flow_run.epoch, '
        'state_flow_run.revision, state_flow_run.creator_kind, state_flow_run.creator_id, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.failure_brief, state_flow_run.failure, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.lease_id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.state_type, '
        'state_flow_run.state_name, state_flow_run.state_message, state_flow_run.state_time, '
        'state_flow_run.scheduled_time, state_flow_run.rolled_back, state_flow_run.attempt, '
        'state_flow_run.attempt_cause, state_flow_run.next_cause, state_flow_run.epoch, '
        'state_flow_run.revision, state_flow_run.creator_kind, state_flow_run.creator_id, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.failure_brief, state_flow_run.failure, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.lease_id = '
        'ANY($2::uuid[]) ORDER BY state_flow_run.lease_id FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("lease_ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("flow_id", "uuid"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("flow_name", "text"),
        ("tags", "json"),
        ("labels", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("program", "text"),
        ("retry_policy", "json"),
        ("spec", "bytes"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("next_cause", "text"),
        ("epoch", "int"),
        ("revision", "int"),
        ("creator_kind", "text"),
        ("creator_id", "text"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("failure", "bytes"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("delete_requested", "bool"),
        ("lost_starts", "int"),
        ("is_named", "bool"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("list_deadline", "time"),
        ("open_task_runs", "int"),
    ),
)

LEASE_OUTCOMES = Statement(
    name="state.LEASE_OUTCOMES",
    sqlite=(
        'SELECT state_lease_outcome.namespace, state_lease_outcome.lease_id, '
        'state_lease_outcome.fence, state_lease_outcome.state_type, '
        'state_lease_outcome.state_name, state_lease_outcome.state_message, '
        'state_lease_outcome.state_time, state_lease_outcome.scheduled_time, '
        'state_lease_outcome.rolled_back, state_lease_outcome.create_time FROM '
        'state_lease_outcome WHERE state_lease_outcome.namespace = ?1 AND '
        'state_lease_outcome.lease_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'SELECT state_lease_outcome.namespace, state_lease_outcome.lease_id, '
        'state_lease_outcome.fence, state_lease_outcome.state_type, '
        'state_lease_outcome.state_name, state_lease_outcome.state_message, '
        'state_lease_outcome.state_time, state_lease_outcome.scheduled_time, '
        'state_lease_outcome.rolled_back, state_lease_outcome.create_time FROM '
        'state_lease_outcome WHERE state_lease_outcome.namespace = $1::text AND '
        'state_lease_outcome.lease_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("lease_ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("create_time", "time"),
    ),
)

INSERT_LEASE_OUTCOME = Statement(
    name="state.INSERT_LEASE_OUTCOME",
    sqlite=(
        'INSERT INTO state_lease_outcome (namespace, lease_id, fence, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, create_time) '
        'VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)'
    ),
    postgresql=(
        'INSERT INTO state_lease_outcome (namespace, lease_id, fence, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, create_time) '
        'VALUES ($1::text, $2::uuid, $3::bigint, $4::text, $5::text, $6::text, '
        '$7::timestamptz, $8::timestamptz, $9::boolean, $10::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("create_time", "time"),
    ),
)

FORGET_LEASE_OUTCOMES = Statement(
    name="state.FORGET_LEASE_OUTCOMES",
    sqlite=(
        'DELETE FROM state_lease_outcome WHERE (state_lease_outcome.namespace, '
        'state_lease_outcome.lease_id, state_lease_outcome.fence) IN (SELECT '
        'state_lease_outcome.namespace, state_lease_outcome.lease_id, '
        'state_lease_outcome.fence FROM state_lease_outcome WHERE '
        'state_lease_outcome.create_time < ?1  LIMIT ?2 OFFSET 0)'
    ),
    postgresql=(
        'DELETE FROM state_lease_outcome WHERE (state_lease_outcome.namespace, '
        'state_lease_outcome.lease_id, state_lease_outcome.fence) IN (SELECT '
        'state_lease_outcome.namespace, state_lease_outcome.lease_id, '
        'state_lease_outcome.fence FROM state_lease_outcome WHERE '
        'state_lease_outcome.create_time < $1::timestamptz  LIMIT $2::bigint)'
    ),
    binds=(
        ("older_than", "time"),
        ("limit", "int"),
    ),
)

OWNED_FLOW_RUNS = Statement(
    name="state.OWNED_FLOW_RUNS",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.state_type, '
        'state_flow_run.state_name, state_flow_run.state_message, state_flow_run.state_time, '
        'state_flow_run.scheduled_time, state_flow_run.rolled_back, state_flow_run.attempt, '
        'state_flow_run.attempt_cause, state_flow_run.next_cause, state_flow_run.epoch, '
        'state_flow_run.revision, state_flow_run.creator_kind, state_flow_run.creator_id, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.failure_brief, state_flow_run.failure, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.session_id = ?2 AND '
        'state_flow_run.owned ORDER BY state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.parent_flow_run_id, '
        'state_flow_run.parent_task_run_id, state_flow_run.root_flow_run_id, '
        'state_flow_run.deployment_id, state_flow_run.deployment_version, '
        'state_flow_run.flow_name, state_flow_run.tags, state_flow_run.labels, '
        'state_flow_run.work_pool, state_flow_run.work_queue, state_flow_run.program, '
        'state_flow_run.retry_policy, state_flow_run.spec, state_flow_run.state_type, '
        'state_flow_run.state_name, state_flow_run.state_message, state_flow_run.state_time, '
        'state_flow_run.scheduled_time, state_flow_run.rolled_back, state_flow_run.attempt, '
        'state_flow_run.attempt_cause, state_flow_run.next_cause, state_flow_run.epoch, '
        'state_flow_run.revision, state_flow_run.creator_kind, state_flow_run.creator_id, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.failure_brief, state_flow_run.failure, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.session_id = $2::uuid '
        'AND state_flow_run.owned ORDER BY state_flow_run.lease_id FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("session_id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("flow_id", "uuid"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("flow_name", "text"),
        ("tags", "json"),
        ("labels", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("program", "text"),
        ("retry_policy", "json"),
        ("spec", "bytes"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("next_cause", "text"),
        ("epoch", "int"),
        ("revision", "int"),
        ("creator_kind", "text"),
        ("creator_id", "text"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("failure", "bytes"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("delete_requested", "bool"),
        ("lost_starts", "int"),
        ("is_named", "bool"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("list_deadline", "time"),
        ("open_task_runs", "int"),
    ),
)

UNACKNOWLEDGED = Statement(
    name="state.UNACKNOWLEDGED",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.ack_deadline < ?1  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.ack_deadline < $1::timestamptz  LIMIT $2::bigint'
    ),
    binds=(
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

UNLISTED = Statement(
    name="state.UNLISTED",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.list_deadline < ?1  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.list_deadline < $1::timestamptz  LIMIT $2::bigint'
    ),
    binds=(
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

OVERDUE_CANCELS = Statement(
    name="state.OVERDUE_CANCELS",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.cancel_deadline < ?1  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.cancel_deadline < $1::timestamptz  LIMIT $2::bigint'
    ),
    binds=(
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)
