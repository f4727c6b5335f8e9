"""Generated from statements.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_FLOW = Statement(
    name="state.INSERT_FLOW",
    sqlite=(
        'INSERT INTO state_flow (namespace, name, id, create_time) VALUES (?1, ?2, ?3, ?4) '
        'ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_flow (namespace, name, id, create_time) VALUES ($1::text, '
        '$2::text, $3::uuid, $4::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOW_BY_NAME = Statement(
    name="state.FLOW_BY_NAME",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name = $2::text'
    ),
    binds=(
        ("namespace", "text"),
        ("name", "text"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOW_BY_ID = Statement(
    name="state.FLOW_BY_ID",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.id = ?2'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

FLOWS = Statement(
    name="state.FLOWS",
    sqlite=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = ?1 AND state_flow.name > ?2 ORDER BY '
        'state_flow.name  LIMIT ?3 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow.namespace, state_flow.name, state_flow.id, state_flow.create_time '
        'FROM state_flow WHERE state_flow.namespace = $1::text AND state_flow.name > '
        '$2::text ORDER BY state_flow.name  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("after", "text"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("name", "text"),
        ("id", "uuid"),
        ("create_time", "time"),
    ),
)

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

KNOWN_TASK_RUNS = Statement(
    name="state.KNOWN_TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.id, state_task_run.flow_run_id, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = ?1 AND state_task_run.id IN (WITH RECURSIVE place(at) AS '
        '(SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT '
        'substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_task_run.id, state_task_run.flow_run_id, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.start_time, state_task_run.end_time FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.id = ANY($2::uuid[])'
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
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

INSERT_TASK_RUN = Statement(
    name="state.INSERT_TASK_RUN",
    sqlite=(
        'INSERT INTO state_task_run (namespace, id, flow_run_id, place, epoch, name, '
        'task_name, task_key, source_digest, input_digest, occurrence, parent_task_run_id, '
        'upstream_task_run_ids, tags, has_rollback_hook, state_type, state_name, '
        'state_message, state_time, scheduled_time, rolled_back, attempt, attempt_cause, '
        'revision, result, create_time, start_time, end_time) VALUES (?1, ?2, ?3, ?4, ?5, '
        '?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, '
        '?23, ?24, ?25, ?26, ?27, ?28)'
    ),
    postgresql=(
        'INSERT INTO state_task_run (namespace, id, flow_run_id, place, epoch, name, '
        'task_name, task_key, source_digest, input_digest, occurrence, parent_task_run_id, '
        'upstream_task_run_ids, tags, has_rollback_hook, state_type, state_name, '
        'state_message, state_time, scheduled_time, rolled_back, attempt, attempt_cause, '
        'revision, result, create_time, start_time, end_time) VALUES ($1::text, $2::uuid, '
        '$3::uuid, $4::bigint, $5::bigint, $6::text, $7::text, $8::text, $9::bytea, '
        '$10::bytea, $11::bigint, $12::uuid, $13::jsonb, $14::jsonb, $15::boolean, '
        '$16::text, $17::text, $18::text, $19::timestamptz, $20::timestamptz, $21::boolean, '
        '$22::bigint, $23::text, $24::bigint, $25::bytea, $26::timestamptz, '
        '$27::timestamptz, $28::timestamptz)'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("place", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream_task_run_ids", "json"),
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
        ("result", "bytes"),
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
        'revision=?9, result=?10, start_time=?11, end_time=?12 WHERE '
        'state_task_run.namespace = ?13 AND state_task_run.id = ?14'
    ),
    postgresql=(
        'UPDATE state_task_run SET state_type=$1::text, state_name=$2::text, '
        'state_message=$3::text, state_time=$4::timestamptz, scheduled_time=$5::timestamptz, '
        'rolled_back=$6::boolean, attempt=$7::bigint, attempt_cause=$8::text, '
        'revision=$9::bigint, result=$10::bytea, start_time=$11::timestamptz, '
        'end_time=$12::timestamptz WHERE state_task_run.namespace = $13::text AND '
        'state_task_run.id = $14::uuid'
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
        ("start_time", "time"),
        ("end_time", "time"),
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

TASK_RUN = Statement(
    name="state.TASK_RUN",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = ?1 AND state_task_run.id = ?2'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = $1::text AND state_task_run.id = '
        '$2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("place", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream_task_run_ids", "json"),
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
        ("result", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

TASK_RUNS_BY_ID = Statement(
    name="state.TASK_RUNS_BY_ID",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = ?1 AND state_task_run.id IN (WITH '
        'RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 '
        '< length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = $1::text AND state_task_run.id = '
        'ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("place", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream_task_run_ids", "json"),
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
        ("result", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

TASK_RUNS = Statement(
    name="state.TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = ?1 AND state_task_run.flow_run_id = '
        '?2 AND state_task_run.place > ?3 ORDER BY state_task_run.place  LIMIT ?4 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = $1::text AND '
        'state_task_run.flow_run_id = $2::uuid AND state_task_run.place > $3::bigint ORDER '
        'BY state_task_run.place  LIMIT $4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("place", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream_task_run_ids", "json"),
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
        ("result", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

OPEN_TASK_RUNS = Statement(
    name="state.OPEN_TASK_RUNS",
    sqlite=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = ?1 AND state_task_run.flow_run_id = '
        '?2 AND state_task_run.end_time IS NULL ORDER BY state_task_run.place DESC  LIMIT ?3 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_task_run.namespace, state_task_run.id, state_task_run.flow_run_id, '
        'state_task_run.place, state_task_run.epoch, state_task_run.name, '
        'state_task_run.task_name, state_task_run.task_key, state_task_run.source_digest, '
        'state_task_run.input_digest, state_task_run.occurrence, '
        'state_task_run.parent_task_run_id, state_task_run.upstream_task_run_ids, '
        'state_task_run.tags, state_task_run.has_rollback_hook, state_task_run.state_type, '
        'state_task_run.state_name, state_task_run.state_message, state_task_run.state_time, '
        'state_task_run.scheduled_time, state_task_run.rolled_back, state_task_run.attempt, '
        'state_task_run.attempt_cause, state_task_run.revision, state_task_run.result, '
        'state_task_run.create_time, state_task_run.start_time, state_task_run.end_time FROM '
        'state_task_run WHERE state_task_run.namespace = $1::text AND '
        'state_task_run.flow_run_id = $2::uuid AND state_task_run.end_time IS NULL ORDER BY '
        'state_task_run.place DESC  LIMIT $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("place", "int"),
        ("epoch", "int"),
        ("name", "text"),
        ("task_name", "text"),
        ("task_key", "text"),
        ("source_digest", "bytes"),
        ("input_digest", "bytes"),
        ("occurrence", "int"),
        ("parent_task_run_id", "uuid"),
        ("upstream_task_run_ids", "json"),
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
        ("result", "bytes"),
        ("create_time", "time"),
        ("start_time", "time"),
        ("end_time", "time"),
    ),
)

WORKER_SESSION = Statement(
    name="state.WORKER_SESSION",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = ?1 AND '
        'state_worker_session.id = ?2'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = $1::text AND '
        'state_worker_session.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

LOCK_WORKER_SESSION = Statement(
    name="state.LOCK_WORKER_SESSION",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = ?1 AND '
        'state_worker_session.id = ?2'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = $1::text AND '
        'state_worker_session.id = $2::uuid FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

INSERT_WORKER_SESSION = Statement(
    name="state.INSERT_WORKER_SESSION",
    sqlite=(
        'INSERT INTO state_worker_session (namespace, id, kind, alive, revision, '
        'create_time, lease_until, end_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON '
        'CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_worker_session (namespace, id, kind, alive, revision, '
        'create_time, lease_until, end_time) VALUES ($1::text, $2::uuid, $3::text, '
        '$4::boolean, $5::bigint, $6::timestamptz, $7::timestamptz, $8::timestamptz) ON '
        'CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

SAVE_WORKER_SESSION = Statement(
    name="state.SAVE_WORKER_SESSION",
    sqlite=(
        'UPDATE state_worker_session SET kind=?1, alive=?2, revision=?3, create_time=?4, '
        'lease_until=?5, end_time=?6 WHERE state_worker_session.namespace = ?7 AND '
        'state_worker_session.id = ?8'
    ),
    postgresql=(
        'UPDATE state_worker_session SET kind=$1::text, alive=$2::boolean, '
        'revision=$3::bigint, create_time=$4::timestamptz, lease_until=$5::timestamptz, '
        'end_time=$6::timestamptz WHERE state_worker_session.namespace = $7::text AND '
        'state_worker_session.id = $8::uuid'
    ),
    binds=(
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

WORKER_SESSIONS_BY_ID = Statement(
    name="state.WORKER_SESSIONS_BY_ID",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = ?1 AND '
        'state_worker_session.id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT '
        'at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.namespace = $1::text AND '
        'state_worker_session.id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

EXPIRED_SESSIONS = Statement(
    name="state.EXPIRED_SESSIONS",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.alive AND '
        'state_worker_session.lease_until < ?1  LIMIT ?2 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.alive AND '
        'state_worker_session.lease_until < $1::timestamptz  LIMIT $2::bigint'
    ),
    binds=(
        ("now", "time"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

FORGET_SESSIONS = Statement(
    name="state.FORGET_SESSIONS",
    sqlite=(
        'DELETE FROM state_worker_session WHERE (state_worker_session.namespace, '
        'state_worker_session.id) IN (SELECT state_worker_session.namespace, '
        'state_worker_session.id FROM state_worker_session WHERE '
        'state_worker_session.end_time < ?1  LIMIT ?2 OFFSET 0)'
    ),
    postgresql=(
        'DELETE FROM state_worker_session WHERE (state_worker_session.namespace, '
        'state_worker_session.id) IN (SELECT state_worker_session.namespace, '
        'state_worker_session.id FROM state_worker_session WHERE '
        'state_worker_session.end_time < $1::timestamptz  LIMIT $2::bigint)'
    ),
    binds=(
        ("older_than", "time"),
        ("limit", "int"),
    ),
)

EMBEDDED_SESSIONS = Statement(
    name="state.EMBEDDED_SESSIONS",
    sqlite=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.alive AND '
        'state_worker_session.lease_until IS NULL'
    ),
    postgresql=(
        'SELECT state_worker_session.namespace, state_worker_session.id, '
        'state_worker_session.kind, state_worker_session.alive, '
        'state_worker_session.revision, state_worker_session.create_time, '
        'state_worker_session.lease_until, state_worker_session.end_time FROM '
        'state_worker_session WHERE state_worker_session.alive AND '
        'state_worker_session.lease_until IS NULL'
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("kind", "text"),
        ("alive", "bool"),
        ("revision", "int"),
        ("create_time", "time"),
        ("lease_until", "time"),
        ("end_time", "time"),
    ),
)

LOCK_FLOW_RUN_LEASE = Statement(
    name="state.LOCK_FLOW_RUN_LEASE",
    sqlite=(
        'SELECT state_flow_run.lease_id, state_flow_run.attempt FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
    ),
    postgresql=(
        'SELECT state_flow_run.lease_id, state_flow_run.attempt FROM state_flow_run WHERE '
        'state_flow_run.namespace = $1::text AND state_flow_run.id = $2::uuid FOR UPDATE'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("lease_id", "uuid"),
        ("attempt", "int"),
    ),
)

LOG_SOURCE = Statement(
    name="state.LOG_SOURCE",
    sqlite=(
        'SELECT state_log_source.acknowledged_offset FROM state_log_source WHERE '
        'state_log_source.namespace = ?1 AND state_log_source.flow_run_id = ?2 AND '
        'state_log_source.lease_id = ?3 AND state_log_source.source = ?4'
    ),
    postgresql=(
        'SELECT state_log_source.acknowledged_offset FROM state_log_source WHERE '
        'state_log_source.namespace = $1::text AND state_log_source.flow_run_id = $2::uuid '
        'AND state_log_source.lease_id = $3::uuid AND state_log_source.source = $4::text'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("source", "text"),
    ),
    columns=(
        ("acknowledged_offset", "int"),
    ),
)

SAVE_LOG_SOURCE = Statement(
    name="state.SAVE_LOG_SOURCE",
    sqlite=(
        'INSERT INTO state_log_source (namespace, flow_run_id, lease_id, source, '
        'acknowledged_offset) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (namespace, '
        'flow_run_id, lease_id, source) DO UPDATE SET acknowledged_offset = ?5'
    ),
    postgresql=(
        'INSERT INTO state_log_source (namespace, flow_run_id, lease_id, source, '
        'acknowledged_offset) VALUES ($1::text, $2::uuid, $3::uuid, $4::text, $5::bigint) ON '
        'CONFLICT (namespace, flow_run_id, lease_id, source) DO UPDATE SET '
        'acknowledged_offset = $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("source", "text"),
        ("acknowledged_offset", "int"),
    ),
)

LAST_LOG_POSITION = Statement(
    name="state.LAST_LOG_POSITION",
    sqlite=(
        'SELECT coalesce(max(state_log.position), 0) AS position FROM state_log WHERE '
        'state_log.namespace = ?1 AND state_log.flow_run_id = ?2'
    ),
    postgresql=(
        'SELECT coalesce(max(state_log.position), 0) AS position FROM state_log WHERE '
        'state_log.namespace = $1::text AND state_log.flow_run_id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
    ),
    columns=(
        ("position", "int"),
    ),
)

INSERT_LOG = Statement(
    name="state.INSERT_LOG",
    sqlite=(
        'INSERT INTO state_log (namespace, flow_run_id, position, "offset", time, level, '
        'logger, message, task_run_id, attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '
        '?10)'
    ),
    postgresql=(
        'INSERT INTO state_log (namespace, flow_run_id, position, "offset", time, level, '
        'logger, message, task_run_id, attempt) VALUES ($1::text, $2::uuid, $3::bigint, '
        '$4::bigint, $5::timestamptz, $6::bigint, $7::text, $8::text, $9::uuid, $10::bigint)'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("offset", "int"),
        ("time", "time"),
        ("level", "int"),
        ("logger", "text"),
        ("message", "text"),
        ("task_run_id", "uuid"),
        ("attempt", "int"),
    ),
)

LOGS = Statement(
    name="state.LOGS",
    sqlite=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = ?1 AND state_log.flow_run_id = ?2 AND state_log.position > ?3 '
        'AND state_log.level >= ?4 ORDER BY state_log.position  LIMIT ?5 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_log.namespace, state_log.flow_run_id, state_log.position, '
        'state_log."offset", state_log.time, state_log.level, state_log.logger, '
        'state_log.message, state_log.task_run_id, state_log.attempt FROM state_log WHERE '
        'state_log.namespace = $1::text AND state_log.flow_run_id = $2::uuid AND '
        'state_log.position > $3::bigint AND state_log.level >= $4::bigint ORDER BY '
        'state_log.position  LIMIT $5::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("min_level", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("position", "int"),
        ("offset", "int"),
        ("time", "time"),
        ("level", "int"),
        ("logger", "text"),
        ("message", "text"),
        ("task_run_id", "uuid"),
        ("attempt", "int"),
    ),
)
