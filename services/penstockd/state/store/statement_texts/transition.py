"""Generated from statements/transition.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_TRANSITION = Statement(
    name="state.INSERT_TRANSITION",
    sqlite=(
        'INSERT INTO state_transition (namespace, flow_run_id, revision, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, attempt, '
        'attempt_cause, epoch, session_id, start_time, result_id, failure_brief, actor_kind, '
        'actor_id, fence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, '
        '?14, ?15, ?16, ?17, ?18, ?19)'
    ),
    postgresql=(
        'INSERT INTO state_transition (namespace, flow_run_id, revision, state_type, '
        'state_name, state_message, state_time, scheduled_time, rolled_back, attempt, '
        'attempt_cause, epoch, session_id, start_time, result_id, failure_brief, actor_kind, '
        'actor_id, fence) VALUES ($1::text, $2::uuid, $3::bigint, $4::text, $5::text, '
        '$6::text, $7::timestamptz, $8::timestamptz, $9::boolean, $10::bigint, $11::text, '
        '$12::bigint, $13::uuid, $14::timestamptz, $15::uuid, $16::bytea, $17::text, '
        '$18::text, $19::bigint)'
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
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("session_id", "uuid"),
        ("start_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("actor_kind", "text"),
        ("actor_id", "text"),
        ("fence", "int"),
    ),
)

TRANSITIONS = Statement(
    name="state.TRANSITIONS",
    sqlite=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, '
        'state_transition.attempt_cause, state_transition.epoch, '
        'state_transition.session_id, state_transition.start_time, '
        'state_transition.result_id, state_transition.failure_brief, '
        'state_transition.actor_kind, state_transition.actor_id, state_transition.fence FROM '
        'state_transition WHERE state_transition.namespace = ?1 AND '
        'state_transition.flow_run_id = ?2 AND state_transition.revision > ?3 ORDER BY '
        'state_transition.revision  LIMIT ?4 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, '
        'state_transition.attempt_cause, state_transition.epoch, '
        'state_transition.session_id, state_transition.start_time, '
        'state_transition.result_id, state_transition.failure_brief, '
        'state_transition.actor_kind, state_transition.actor_id, state_transition.fence FROM '
        'state_transition WHERE state_transition.namespace = $1::text AND '
        'state_transition.flow_run_id = $2::uuid AND state_transition.revision > $3::bigint '
        'ORDER BY state_transition.revision  LIMIT $4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
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
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("session_id", "uuid"),
        ("start_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("actor_kind", "text"),
        ("actor_id", "text"),
        ("fence", "int"),
    ),
)

TRANSITIONS_BETWEEN = Statement(
    name="state.TRANSITIONS_BETWEEN",
    sqlite=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, '
        'state_transition.attempt_cause, state_transition.epoch, '
        'state_transition.session_id, state_transition.start_time, '
        'state_transition.result_id, state_transition.failure_brief, '
        'state_transition.actor_kind, state_transition.actor_id, state_transition.fence FROM '
        'state_transition WHERE state_transition.namespace = ?1 AND '
        'state_transition.flow_run_id IN (WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL '
        'SELECT at + 16 FROM place WHERE at + 16 < length(?2)) SELECT substr(?2, at, 16) '
        'FROM place) AND state_transition.revision >= ?3 AND state_transition.revision <= ?4'
    ),
    postgresql=(
        'SELECT state_transition.namespace, state_transition.flow_run_id, '
        'state_transition.revision, state_transition.state_type, '
        'state_transition.state_name, state_transition.state_message, '
        'state_transition.state_time, state_transition.scheduled_time, '
        'state_transition.rolled_back, state_transition.attempt, '
        'state_transition.attempt_cause, state_transition.epoch, '
        'state_transition.session_id, state_transition.start_time, '
        'state_transition.result_id, state_transition.failure_brief, '
        'state_transition.actor_kind, state_transition.actor_id, state_transition.fence FROM '
        'state_transition WHERE state_transition.namespace = $1::text AND '
        'state_transition.flow_run_id = ANY($2::uuid[]) AND state_transition.revision >= '
        '$3::bigint AND state_transition.revision <= $4::bigint'
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
        ("attempt_cause", "text"),
        ("epoch", "int"),
        ("session_id", "uuid"),
        ("start_time", "time"),
        ("result_id", "uuid"),
        ("failure_brief", "bytes"),
        ("actor_kind", "text"),
        ("actor_id", "text"),
        ("fence", "int"),
    ),
)
