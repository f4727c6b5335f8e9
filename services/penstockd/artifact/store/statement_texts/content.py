"""Generated from statements/content.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

INSERT_CONTENT = Statement(
    name="artifact.INSERT_CONTENT",
    sqlite=(
        'INSERT INTO artifact_content (namespace, sha256, size, create_time) VALUES (?1, ?2, '
        '?3, ?4) ON CONFLICT DO NOTHING'
    ),
    postgresql=(
        'INSERT INTO artifact_content (namespace, sha256, size, create_time) VALUES '
        '($1::text, $2::bytea, $3::bigint, $4::timestamptz) ON CONFLICT DO NOTHING'
    ),
    binds=(
        ("namespace", "text"),
        ("sha256", "bytes"),
        ("size", "int"),
        ("create_time", "time"),
    ),
)

CONTENT = Statement(
    name="artifact.CONTENT",
    sqlite=(
        'SELECT artifact_content.namespace, artifact_content.sha256, artifact_content.size, '
        'artifact_content.create_time FROM artifact_content WHERE artifact_content.namespace '
        '= ?1 AND artifact_content.sha256 = ?2'
    ),
    postgresql=(
        'SELECT artifact_content.namespace, artifact_content.sha256, artifact_content.size, '
        'artifact_content.create_time FROM artifact_content WHERE artifact_content.namespace '
        '= $1::text AND artifact_content.sha256 = $2::bytea'
    ),
    binds=(
        ("namespace", "text"),
        ("sha256", "bytes"),
    ),
    columns=(
        ("namespace", "text"),
        ("sha256", "bytes"),
        ("size", "int"),
        ("create_time", "time"),
    ),
)

CONTENT_BYTES_BY_NAMESPACE = Statement(
    name="artifact.CONTENT_BYTES_BY_NAMESPACE",
    sqlite=(
        'SELECT artifact_content.namespace, CAST(sum(artifact_content.size) AS INTEGER) AS '
        'used FROM artifact_content GROUP BY artifact_content.namespace'
    ),
    postgresql=(
        'SELECT artifact_content.namespace, CAST(sum(artifact_content.size) AS BIGINT) AS '
        'used FROM artifact_content GROUP BY artifact_content.namespace'
    ),
    columns=(
        ("namespace", "text"),
        ("used", "int"),
    ),
)
