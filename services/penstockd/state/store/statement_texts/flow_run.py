"""Generated from statements/flow_run.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_FLOW_RUN = Statement(
    name="state.INSERT_FLOW_RUN",
    sqlite=(
        'INSERT INTO state_flow_run (namespace, id, name, flow_id, flow_name, flow_version, '
        'parent_flow_run_id, parent_task_run_id, root_flow_run_id, deployment_id, '
        'deployment_version, launch, parameters, tags, work_pool, work_queue, max_retries, '
        'retry_delays, state_type, state_name, state_message, state_time, scheduled_time, '
        'rolled_back, attempt, attempt_cause, epoch, fence, revision, create_time, '
        'expected_start_time, start_time, end_time, result_id, traceparent, idempotency_key, '
        'owned, session_id, lease_id, ack_deadline, cancel_deadline, lease_phase, '
        'checkpoint, next_sequence, open_task_runs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '
        '?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, '
        '?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, '
        '?42, ?43, ?44, ?45) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_flow_run (namespace, id, name, flow_id, flow_name, flow_version, '
        'parent_flow_run_id, parent_task_run_id, root_flow_run_id, deployment_id, '
        'deployment_version, launch, parameters, tags, work_pool, work_queue, max_retries, '
        'retry_delays, state_type, state_name, state_message, state_time, scheduled_time, '
        'rolled_back, attempt, attempt_cause, epoch, fence, revision, create_time, '
        'expected_start_time, start_time, end_time, result_id, traceparent, idempotency_key, '
        'owned, session_id, lease_id, ack_deadline, cancel_deadline, lease_phase, '
        'checkpoint, next_sequence, open_task_runs) VALUES ($1::text, $2::uuid, $3::text, '
        '$4::uuid, $5::text, $6::text, $7::uuid, $8::uuid, $9::uuid, $10::uuid, $11::bigint, '
        '$12::bytea, $13::bytea, $14::jsonb, $15::text, $16::text, $17::bigint, $18::jsonb, '
        '$19::text, $20::text, $21::text, $22::timestamptz, $23::timestamptz, $24::boolean, '
        '$25::bigint, $26::text, $27::bigint, $28::bigint, $29::bigint, $30::timestamptz, '
        '$31::timestamptz, $32::timestamptz, $33::timestamptz, $34::uuid, $35::text, '
        '$36::text, $37::boolean, $38::uuid, $39::uuid, $40::timestamptz, $41::timestamptz, '
        '$42::text, $43::bytea, $44::bigint, $45::bigint) ON CONFLICT DO NOTHING'
    ),
    binds=(
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
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
        ("next_sequence", "int"),
        ("open_task_runs", "int"),
    ),
)

FLOW_RUN = Statement(
    name="state.FLOW_RUN",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
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

LOCK_FLOW_RUN = Statement(
    name="state.LOCK_FLOW_RUN",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.id = $2::uuid FOR '
        'UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
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

FLOW_RUN_BY_KEY = Statement(
    name="state.FLOW_RUN_BY_KEY",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.idempotency_key = ?2'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.idempotency_key = '
        '$2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("idempotency_key", "text"),
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

SAVE_FLOW_RUN = Statement(
    name="state.SAVE_FLOW_RUN",
    sqlite=(
        'UPDATE state_flow_run SET state_type=?1, state_name=?2, state_message=?3, '
        'state_time=?4, scheduled_time=?5, rolled_back=?6, attempt=?7, attempt_cause=?8, '
        'epoch=?9, fence=?10, revision=?11, start_time=?12, end_time=?13, result_id=?14, '
        'owned=?15, session_id=?16, lease_id=?17, ack_deadline=?18, cancel_deadline=?19 '
        'WHERE state_flow_run.namespace = ?20 AND state_flow_run.id = ?21 AND '
        'state_flow_run.revision = ?22'
    ),
    postgresql=(
        'UPDATE state_flow_run SET state_type=$1::text, state_name=$2::text, '
        'state_message=$3::text, state_time=$4::timestamptz, scheduled_time=$5::timestamptz, '
        'rolled_back=$6::boolean, attempt=$7::bigint, attempt_cause=$8::text, '
        'epoch=$9::bigint, fence=$10::bigint, revision=$11::bigint, '
        'start_time=$12::timestamptz, end_time=$13::timestamptz, result_id=$14::uuid, '
        'owned=$15::boolean, session_id=$16::uuid, lease_id=$17::uuid, '
        'ack_deadline=$18::timestamptz, cancel_deadline=$19::timestamptz WHERE '
        'state_flow_run.namespace = $20::text AND state_flow_run.id = $21::uuid AND '
        'state_flow_run.revision = $22::bigint'
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
        ("epoch", "int"),
        ("fence", "int"),
        ("revision", "int"),
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("owned", "bool"),
        ("session_id", "uuid"),
        ("lease_id", "uuid"),
        ("ack_deadline", "time"),
        ("cancel_deadline", "time"),
        ("namespace", "text"),
        ("id", "uuid"),
        ("known_revision", "int"),
    ),
)

FLOW_RUNS_BY_ID = Statement(
    name="state.FLOW_RUNS_BY_ID",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place)'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
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

NEWEST_FLOW_RUNS = Statement(
    name="state.NEWEST_FLOW_RUNS",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id < ?2 ORDER BY '
        'state_flow_run.id DESC  LIMIT ?3 OFFSET 0'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.id < $2::uuid ORDER BY '
        'state_flow_run.id DESC  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("before", "uuid"),
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
    ),
)

INSERT_TRANSITION = Statement(
    name="state.INSERT_TRANSITION",
    sqlite=(
        'INSERT INTO state_transition (namespace, flow_run_id, revision, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, attempt, fence, '
        'actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)'
    ),
    postgresql=(
        'INSERT INTO state_transition (namespace, flow_run_id, revision, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, attempt, fence, '
        'actor) VALUES ($1::text, $2::uuid, $3::bigint, $4::text, $5::text, $6::text, '
        '$7::timestamptz, $8::timestamptz, $9::boolean, $10::bigint, $11::bigint, $12::text)'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("revision", "int"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("fence", "int"),
        ("actor", "text"),
    ),
)

TRANSITIONS = Statement(
    name="state.TRANSITIONS",
    sqlite=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, state_transition.fence, '
        'state_transition.actor FROM state_transition WHERE state_transition.namespace = ?1 '
        'AND state_transition.flow_run_id = ?2 ORDER BY state_transition.revision DESC  '
        'LIMIT ?3 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, state_transition.fence, '
        'state_transition.actor FROM state_transition WHERE state_transition.namespace = '
        '$1::text AND state_transition.flow_run_id = $2::uuid ORDER BY '
        'state_transition.revision DESC  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("revision", "int"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("fence", "int"),
        ("actor", "text"),
    ),
)

TRANSITIONS_BETWEEN = Statement(
    name="state.TRANSITIONS_BETWEEN",
    sqlite=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, state_transition.fence, '
        'state_transition.actor FROM state_transition WHERE state_transition.namespace = ?1 '
        'AND state_transition.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION '
        'ALL SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place) AND state_transition.revision >= ?3 AND state_transition.revision <= ?4'
    ),
    postgresql=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, state_transition.fence, '
        'state_transition.actor FROM state_transition WHERE state_transition.namespace = '
        '$1::text AND state_transition.flow_run_id = ANY($2::uuid[]) AND '
        'state_transition.revision >= $3::bigint AND state_transition.revision <= $4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
        ("first", "int"),
        ("last", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("revision", "int"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("state_message", "text"),
        ("state_time", "time"),
        ("scheduled_time", "time"),
        ("rolled_back", "bool"),
        ("attempt", "int"),
        ("fence", "int"),
        ("actor", "text"),
    ),
)
