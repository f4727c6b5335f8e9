"""Generated from statements/result.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

RAISE_FENCE = Statement(
    name="artifact.RAISE_FENCE",
    sqlite=(
        'INSERT INTO artifact_fence (namespace, flow_run_id, fence) VALUES (?1, ?2, ?3) ON '
        'CONFLICT (namespace, flow_run_id) DO UPDATE SET fence = excluded.fence WHERE '
        'artifact_fence.fence <= excluded.fence'
    ),
    postgresql=(
        'INSERT INTO artifact_fence (namespace, flow_run_id, fence) VALUES ($1::text, '
        '$2::uuid, $3::bigint) ON CONFLICT (namespace, flow_run_id) DO UPDATE SET fence = '
        'excluded.fence WHERE artifact_fence.fence <= excluded.fence'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("fence", "int"),
    ),
)

INSERT_RESULT = Statement(
    name="artifact.INSERT_RESULT",
    sqlite=(
        'INSERT INTO artifact_result (namespace, id, flow_run_id, lease_id, fence, '
        'content_type, inline, sha256, size, integer_pointers, redacted_pointers, '
        'traceparent, create_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '
        '?12, ?13) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO artifact_result (namespace, id, flow_run_id, lease_id, fence, '
        'content_type, inline, sha256, size, integer_pointers, redacted_pointers, '
        'traceparent, create_time) VALUES ($1::text, $2::uuid, $3::uuid, $4::uuid, '
        '$5::bigint, $6::text, $7::bytea, $8::bytea, $9::bigint, $10::jsonb, $11::jsonb, '
        '$12::text, $13::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("content_type", "text"),
        ("inline", "bytes"),
        ("sha256", "bytes"),
        ("size", "int"),
        ("integer_pointers", "json"),
        ("redacted_pointers", "json"),
        ("traceparent", "text"),
        ("create_time", "time"),
    ),
)

RESULT = Statement(
    name="artifact.RESULT",
    sqlite=(
        'SELECT artifact_result.namespace, artifact_result.id, artifact_result.flow_run_id, '
        'artifact_result.lease_id, artifact_result.fence, artifact_result.content_type, '
        'artifact_result.inline, artifact_result.sha256, artifact_result.size, '
        'artifact_result.integer_pointers, artifact_result.redacted_pointers, '
        'artifact_result.traceparent, artifact_result.create_time FROM artifact_result WHERE '
        'artifact_result.namespace = ?1 AND artifact_result.id = ?2'
    ),
    postgresql=(
        'SELECT artifact_result.namespace, artifact_result.id, artifact_result.flow_run_id, '
        'artifact_result.lease_id, artifact_result.fence, artifact_result.content_type, '
        'artifact_result.inline, artifact_result.sha256, artifact_result.size, '
        'artifact_result.integer_pointers, artifact_result.redacted_pointers, '
        'artifact_result.traceparent, artifact_result.create_time FROM artifact_result WHERE '
        'artifact_result.namespace = $1::text AND artifact_result.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("namespace", "text"),
        ("id", "uuid"),
        ("flow_run_id", "uuid"),
        ("lease_id", "uuid"),
        ("fence", "int"),
        ("content_type", "text"),
        ("inline", "bytes"),
        ("sha256", "bytes"),
        ("size", "int"),
        ("integer_pointers", "json"),
        ("redacted_pointers", "json"),
        ("traceparent", "text"),
        ("create_time", "time"),
    ),
)
