"""Generated from statements/flow_run.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_FLOW_RUN = Statement(
    name="state.INSERT_FLOW_RUN",
    sqlite=(
        'INSERT INTO state_flow_run (namespace, id, name, folded_name, flow_id, '
        'parent_flow_run_id, parent_task_run_id, root_flow_run_id, deployment_id, '
        'deployment_version, flow_name, tags, labels, work_pool, work_queue, program, '
        'retry_policy, spec, parameters, state_type, state_name, state_message, state_time, '
        'scheduled_time, rolled_back, attempt, attempt_cause, next_cause, epoch, revision, '
        'creator_kind, creator_id, create_time, expected_start_time, start_time, end_time, '
        'result_id, failure_brief, failure, traceparent, idempotency_key, delete_requested, '
        'lost_starts, is_named, owned, session_id, lease_id, fence, ack_deadline, '
        'cancel_deadline, list_deadline, lease_phase, checkpoint, next_sequence, '
        'open_task_runs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, '
        '?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, '
        '?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, '
        '?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54, ?55) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_flow_run (namespace, id, name, folded_name, flow_id, '
        'parent_flow_run_id, parent_task_run_id, root_flow_run_id, deployment_id, '
        'deployment_version, flow_name, tags, labels, work_pool, work_queue, program, '
        'retry_policy, spec, parameters, state_type, state_name, state_message, state_time, '
        'scheduled_time, rolled_back, attempt, attempt_cause, next_cause, epoch, revision, '
        'creator_kind, creator_id, create_time, expected_start_time, start_time, end_time, '
        'result_id, failure_brief, failure, traceparent, idempotency_key, delete_requested, '
        'lost_starts, is_named, owned, session_id, lease_id, fence, ack_deadline, '
        'cancel_deadline, list_deadline, lease_phase, checkpoint, next_sequence, '
        'open_task_runs) VALUES ($1::text, $2::uuid, $3::text, $4::text, $5::uuid, $6::uuid, '
        '$7::uuid, $8::uuid, $9::uuid, $10::bigint, $11::text, $12::jsonb, $13::jsonb, '
        '$14::text, $15::text, $16::text, $17::jsonb, $18::bytea, $19::bytea, $20::text, '
        '$21::text, $22::text, $23::timestamptz, $24::timestamptz, $25::boolean, '
        '$26::bigint, $27::text, $28::text, $29::bigint, $30::bigint, $31::text, $32::text, '
        '$33::timestamptz, $34::timestamptz, $35::timestamptz, $36::timestamptz, $37::uuid, '
        '$38::bytea, $39::bytea, $40::text, $41::text, $42::boolean, $43::bigint, '
        '$44::boolean, $45::boolean, $46::uuid, $47::uuid, $48::bigint, $49::timestamptz, '
        '$50::timestamptz, $51::timestamptz, $52::text, $53::bytea, $54::bigint, '
        '$55::bigint) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("name", "text"),
        ("folded_name", "text"),
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
        ("lease_phase", "text"),
        ("checkpoint", "bytes"),
        ("next_sequence", "int"),
        ("open_task_runs", "int"),
    ),
)

INSERT_LABEL = Statement(
    name="state.INSERT_LABEL",
    sqlite=(
        'INSERT INTO state_flow_run_label (namespace, "key", value, flow_run_id) VALUES (?1, '
        '?2, ?3, ?4) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO state_flow_run_label (namespace, key, value, flow_run_id) VALUES '
        '($1::text, $2::text, $3::text, $4::uuid) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("key", "text"),
        ("value", "text"),
        ("flow_run_id", "uuid"),
    ),
)

FLOW_RUN = Statement(
    name="state.FLOW_RUN",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
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

WHOLE_FLOW_RUN = Statement(
    name="state.WHOLE_FLOW_RUN",
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
        'state_flow_run.open_task_runs FROM state_flow_run WHERE state_flow_run.namespace = '
        '?1 AND state_flow_run.id = ?2'
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
        'state_flow_run.open_task_runs FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.id = $2::uuid'
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
    ),
)

LOCK_FLOW_RUN = Statement(
    name="state.LOCK_FLOW_RUN",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
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

LOCK_FLOW_RUNS = Statement(
    name="state.LOCK_FLOW_RUNS",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place) ORDER BY state_flow_run.id'
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
        'WHERE state_flow_run.namespace = $1::text AND state_flow_run.id = ANY($2::uuid[]) '
        'ORDER BY state_flow_run.id FOR UPDATE'
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

FLOW_RUN_BY_KEY = Statement(
    name="state.FLOW_RUN_BY_KEY",
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
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.idempotency_key = ?2'
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

SAVE_FLOW_RUN = Statement(
    name="state.SAVE_FLOW_RUN",
    sqlite=(
        'UPDATE state_flow_run SET name=?1, folded_name=?2, state_type=?3, state_name=?4, '
        'state_message=?5, state_time=?6, scheduled_time=?7, rolled_back=?8, attempt=?9, '
        'attempt_cause=?10, next_cause=?11, epoch=?12, revision=?13, start_time=?14, '
        'end_time=?15, result_id=?16, failure_brief=?17, failure=?18, delete_requested=?19, '
        'lost_starts=?20, is_named=?21, owned=?22, session_id=?23, lease_id=?24, fence=?25, '
        'ack_deadline=?26, cancel_deadline=?27, list_deadline=?28 WHERE '
        'state_flow_run.namespace = ?29 AND state_flow_run.id = ?30 AND '
        'state_flow_run.revision = ?31'
    ),
    postgresql=(
        'UPDATE state_flow_run SET name=$1::text, folded_name=$2::text, state_type=$3::text, '
        'state_name=$4::text, state_message=$5::text, state_time=$6::timestamptz, '
        'scheduled_time=$7::timestamptz, rolled_back=$8::boolean, attempt=$9::bigint, '
        'attempt_cause=$10::text, next_cause=$11::text, epoch=$12::bigint, '
        'revision=$13::bigint, start_time=$14::timestamptz, end_time=$15::timestamptz, '
        'result_id=$16::uuid, failure_brief=$17::bytea, failure=$18::bytea, '
        'delete_requested=$19::boolean, lost_starts=$20::bigint, is_named=$21::boolean, '
        'owned=$22::boolean, session_id=$23::uuid, lease_id=$24::uuid, fence=$25::bigint, '
        'ack_deadline=$26::timestamptz, cancel_deadline=$27::timestamptz, '
        'list_deadline=$28::timestamptz WHERE state_flow_run.namespace = $29::text AND '
        'state_flow_run.id = $30::uuid AND state_flow_run.revision = $31::bigint'
    ),
    binds=(
        ("name", "text"),
        ("folded_name", "text"),
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
        ("start_time", "time"),
        ("end_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("failure", "bytes"),
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
        ("namespace", "text"),
        ("id", "uuid"),
        ("known_revision", "int"),
    ),
)

BASIC_FLOW_RUNS_BY_ID = Statement(
    name="state.BASIC_FLOW_RUNS_BY_ID",
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
        'state_flow_run.failure_brief, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id IN (WITH RECURSIVE '
        'place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at + 16 < '
        'length(?2)) SELECT substr(?2, at, 16) FROM place)'
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
        'state_flow_run.failure_brief, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
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

FULL_FLOW_RUNS_BY_ID = Statement(
    name="state.FULL_FLOW_RUNS_BY_ID",
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
        'state_flow_run.open_task_runs FROM state_flow_run WHERE state_flow_run.namespace = '
        '?1 AND state_flow_run.id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT '
        'at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) FROM place)'
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
        'state_flow_run.open_task_runs FROM state_flow_run WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.id = ANY($2::uuid[])'
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
    ),
)

NEWEST_FLOW_RUNS = Statement(
    name="state.NEWEST_FLOW_RUNS",
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
        'state_flow_run.failure_brief, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
        'WHERE state_flow_run.namespace = ?1 AND state_flow_run.id < ?2 ORDER BY '
        'state_flow_run.id DESC  LIMIT ?3 OFFSET 0'
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
        'state_flow_run.failure_brief, state_flow_run.traceparent, '
        'state_flow_run.idempotency_key, state_flow_run.delete_requested, '
        'state_flow_run.lost_starts, state_flow_run.is_named, state_flow_run.owned, '
        'state_flow_run.session_id, state_flow_run.lease_id, state_flow_run.fence, '
        'state_flow_run.ack_deadline, state_flow_run.cancel_deadline, '
        'state_flow_run.list_deadline, state_flow_run.open_task_runs FROM state_flow_run '
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

REQUEST_DELETION = Statement(
    name="state.REQUEST_DELETION",
    sqlite=(
        'UPDATE state_flow_run SET delete_requested=1 WHERE state_flow_run.namespace = ?1 '
        'AND state_flow_run.id = ?2 AND state_flow_run.revision = ?3'
    ),
    postgresql=(
        'UPDATE state_flow_run SET delete_requested=true WHERE state_flow_run.namespace = '
        '$1::text AND state_flow_run.id = $2::uuid AND state_flow_run.revision = $3::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("revision", "int"),
    ),
)

FLOW_RUNS_TO_DELETE = Statement(
    name="state.FLOW_RUNS_TO_DELETE",
    sqlite=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.delete_requested AND state_flow_run.end_time IS NOT NULL  LIMIT ?1 '
        'OFFSET 0'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, state_flow_run.id FROM state_flow_run WHERE '
        'state_flow_run.delete_requested AND state_flow_run.end_time IS NOT NULL  LIMIT '
        '$1::bigint'
    ),
    binds=(
        ("limit", "int"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
)

DELETE_FLOW_RUNS = Statement(
    name="state.DELETE_FLOW_RUNS",
    sqlite=(
        'DELETE FROM state_flow_run WHERE state_flow_run.namespace = ?1 AND '
        'state_flow_run.id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + '
        '16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_flow_run WHERE state_flow_run.namespace = $1::text AND '
        'state_flow_run.id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_LABELS_OF_RUNS = Statement(
    name="state.DELETE_LABELS_OF_RUNS",
    sqlite=(
        'DELETE FROM state_flow_run_label WHERE state_flow_run_label.namespace = ?1 AND '
        'state_flow_run_label.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION '
        'ALL SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_flow_run_label WHERE state_flow_run_label.namespace = $1::text '
        'AND state_flow_run_label.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_HISTORY_OF_RUNS = Statement(
    name="state.DELETE_HISTORY_OF_RUNS",
    sqlite=(
        'DELETE FROM state_transition WHERE state_transition.namespace = ?1 AND '
        'state_transition.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_transition WHERE state_transition.namespace = $1::text AND '
        'state_transition.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_TASK_RUNS_OF_RUNS = Statement(
    name="state.DELETE_TASK_RUNS_OF_RUNS",
    sqlite=(
        'DELETE FROM state_task_run WHERE state_task_run.namespace = ?1 AND '
        'state_task_run.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_task_run WHERE state_task_run.namespace = $1::text AND '
        'state_task_run.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_JOURNALS_OF_RUNS = Statement(
    name="state.DELETE_JOURNALS_OF_RUNS",
    sqlite=(
        'DELETE FROM state_journal WHERE state_journal.namespace = ?1 AND '
        'state_journal.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_journal WHERE state_journal.namespace = $1::text AND '
        'state_journal.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_LOGS_OF_RUNS = Statement(
    name="state.DELETE_LOGS_OF_RUNS",
    sqlite=(
        'DELETE FROM state_log WHERE state_log.namespace = ?1 AND state_log.flow_run_id IN '
        '(WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place WHERE at '
        '+ 16 < length(?2)) SELECT substr(?2, at, 16) FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_log WHERE state_log.namespace = $1::text AND '
        'state_log.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

DELETE_LOG_SOURCES_OF_RUNS = Statement(
    name="state.DELETE_LOG_SOURCES_OF_RUNS",
    sqlite=(
        'DELETE FROM state_log_source WHERE state_log_source.namespace = ?1 AND '
        'state_log_source.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place)'
    ),
    postgresql=(
        'DELETE FROM state_log_source WHERE state_log_source.namespace = $1::text AND '
        'state_log_source.flow_run_id = ANY($2::uuid[])'
    ),
    binds=(
        ("namespace", "text"),
        ("ids", "uuid[]"),
    ),
)

RUNS_BY_NAMESPACE = Statement(
    name="state.RUNS_BY_NAMESPACE",
    sqlite=(
        'SELECT state_flow_run.namespace, count(*) AS used FROM state_flow_run GROUP BY '
        'state_flow_run.namespace'
    ),
    postgresql=(
        'SELECT state_flow_run.namespace, count(*) AS used FROM state_flow_run GROUP BY '
        'state_flow_run.namespace'
    ),
    columns=(
        ("namespace", "text"),
        ("used", "int"),
    ),
)
