"""Generated from statements/lease.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

READY_FLOW_RUNS = Statement(
    name="state.READY_FLOW_RUNS",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.checkpoint FROM state_flow_run WHERE state_flow_run.namespace = ?1 '
        "AND state_flow_run.work_pool = ?2 AND state_flow_run.state_type = 'SCHEDULED' AND "
        'state_flow_run.owned = 0 AND state_flow_run.work_queue = ?3 AND '
        'state_flow_run.scheduled_time <= ?4 ORDER BY state_flow_run.scheduled_time, '
        'state_flow_run.id  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.checkpoint FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.work_pool = $2::text AND state_flow_run.state_type = '
        "'SCHEDULED' AND state_flow_run.owned = false AND state_flow_run.work_queue = "
        '$3::text AND state_flow_run.scheduled_time <= $4::timestamptz ORDER BY '
        'state_flow_run.scheduled_time, state_flow_run.id  LIMIT $5::bigint FOR UPDATE SKIP '
        'LOCKED'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("flow_id", "uuid"),
        ("flow_name", "text"),
        ("flow_version", "text"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("launch", "bytes"),
        ("parameters", "bytes"),
        ("tags", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("fence", "int"),
        ("revision", "int"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("open_task_runs", "int"),
        ("checkpoint", "bytes"),
    ),
)

NEXT_DUE = Statement(
    name="state.NEXT_DUE",
    sqlite=(
        'SELECT state_flow_run.scheduled_time AS due FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.work_pool = ?2 AND '
        "state_flow_run.state_type = 'SCHEDULED' AND state_flow_run.owned = 0 AND "
        'state_flow_run.work_queue = ?3 ORDER BY state_flow_run.scheduled_time  LIMIT 1 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.scheduled_time AS due FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.work_pool = $2::text AND '
        "state_flow_run.state_type = 'SCHEDULED' AND state_flow_run.owned = false AND "
        'state_flow_run.work_queue = $3::text ORDER BY state_flow_run.scheduled_time  LIMIT 1'
    ),
    binds=(
        ("namespace", "text"),
        ("work_pool", "text"),
        ("work_queue", "text"),
    ),
    columns=(
        ("due", "time"),
    ),
)

BEGIN_LEASE = Statement(
    name="state.BEGIN_LEASE",
    sqlite=(
        'UPDATE state_flow_run SET lease_phase=?1, next_sequence=1 WHERE '
        'state_flow_run.namespace = ?2 AND state_flow_run.id = ?3 AND '
        'state_flow_run.revision = ?4'
    ),
    postgresql=(
        'UPDATE state_flow_run SET lease_phase=$1::text, next_sequence=1 WHERE '
        'state_flow_run.namespace = $2::text AND state_flow_run.id = $3::uuid AND '
        'state_flow_run.revision = $4::bigint'
    ),
    binds=(
        ("lease_phase", "text"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
    ),
)

HELD_LEASES = Statement(
    name="state.HELD_LEASES",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.lease_phase, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.lease_id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.lease_phase, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.lease_id = ANY($2::uuid[]) '
        'ORDER BY state_flow_run.lease_id'
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
        ("flow_name", "text"),
        ("flow_version", "text"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("launch", "bytes"),
        ("parameters", "bytes"),
        ("tags", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("fence", "int"),
        ("revision", "int"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("open_task_runs", "int"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
    ),
)

LOCK_HELD_LEASES = Statement(
    name="state.LOCK_HELD_LEASES",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.lease_phase, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.lease_id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs, '
        'state_flow_run.lease_phase, state_flow_run.checkpoint FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.lease_id = ANY($2::uuid[]) '
        'ORDER BY state_flow_run.lease_id FOR UPDATE'
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
        ("flow_name", "text"),
        ("flow_version", "text"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("launch", "bytes"),
        ("parameters", "bytes"),
        ("tags", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("fence", "int"),
        ("revision", "int"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("open_task_runs", "int"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
    ),
)

NOTE_LEASE = Statement(
    name="state.NOTE_LEASE",
    sqlite=(
        'UPDATE state_flow_run SET ack_deadline=?1, lease_phase=?2, checkpoint=?3 WHERE '
        'state_flow_run.namespace = ?4 AND state_flow_run.id = ?5 AND state_flow_run.fence = '
        '?6'
    ),
    postgresql=(
        'UPDATE state_flow_run SET ack_deadline=$1::timestamptz, lease_phase=$2::text, '
        'checkpoint=$3::bytea WHERE state_flow_run.namespace = $4::text AND '
        'state_flow_run.id = $5::uuid AND state_flow_run.fence = $6::bigint'
    ),
    binds=(
        ("ack_deadline", "time"),
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("fence", "int"),
    ),
)

OWNED_FLOW_RUNS = Statement(
    name="state.OWNED_FLOW_RUNS",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.session_id = ?2 AND '
        'state_flow_run.owned ORDER BY state_flow_run.lease_id'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id, state_flow_run.name, '
        'state_flow_run.flow_id, state_flow_run.flow_name, state_flow_run.flow_version, '
        'state_flow_run.parent_flow_run_id, state_flow_run.parent_task_run_id, '
        'state_flow_run.root_flow_run_id, state_flow_run.deployment_id, '
        'state_flow_run.deployment_version, state_flow_run.launch, '
        'state_flow_run.parameters, state_flow_run.tags, state_flow_run.work_pool, '
        'state_flow_run.work_queue, state_flow_run.max_retries, state_flow_run.retry_delays, '
        'state_flow_run.state_type, state_flow_run.state_name, state_flow_run.state_message, '
        'state_flow_run.state_time, state_flow_run.scheduled_time, '
        'state_flow_run.rolled_back, state_flow_run.attempt, state_flow_run.attempt_cause, '
        'state_flow_run.epoch, state_flow_run.fence, state_flow_run.revision, '
        'state_flow_run.create_time, state_flow_run.expected_start_time, '
        'state_flow_run.start_time, state_flow_run.end_time, state_flow_run.result_id, '
        'state_flow_run.traceparent, state_flow_run.idempotency_key, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.ack_deadline, '
        'state_flow_run.cancel_deadline, state_flow_run.open_task_runs FROM state_flow_run '
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
        ("flow_name", "text"),
        ("flow_version", "text"),
        ("parent_flow_run_id", "uuid"),
        ("parent_task_run_id", "uuid"),
        ("root_flow_run_id", "uuid"),
        ("deployment_id", "uuid"),
        ("deployment_version", "int"),
        ("launch", "bytes"),
        ("parameters", "bytes"),
        ("tags", "json"),
        ("work_pool", "text"),
        ("work_queue", "text"),
        ("max_retries", "int"),
        ("retry_delays", "json"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("fence", "int"),
        ("revision", "int"),
        ("create_time", "time"),
        ("expected_start_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("traceparent", "text"),
        ("idempotency_key", "text"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
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
