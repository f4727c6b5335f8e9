"""Generated from statements/flow_run_graph.py by `make gen`; never edited."""

# fmt: off
from penstockd.database.statements import Statement

GRAPH_HEAD = Statement(
    name="state.GRAPH_HEAD",
    sqlite=(
        'SELECT state_flow_run.create_time AS create_time FROM state_flow_run WHERE '
        'state_flow_run.namespace = ?1 AND state_flow_run.id = ?2'
    ),
    postgresql=(
        'SELECT (extract(epoch from state_flow_run.create_time) * 1000000)::bigint AS '
        'create_time FROM state_flow_run WHERE state_flow_run.namespace = $1::text AND '
        'state_flow_run.id = $2::uuid'
    ),
    binds=(
        ("namespace", "text"),
        ("id", "uuid"),
    ),
    columns=(
        ("create_time", "int"),
    ),
)

GRAPH_NODES = Statement(
    name="state.GRAPH_NODES",
    sqlite=(
        'SELECT state_task_run.position, state_task_run.id AS id, '
        'state_task_run.parent_task_run_id AS parent_id, state_task_run.name, '
        'state_task_run.task_name, state_task_run.state_type, state_task_run.state_name, '
        'state_task_run.rolled_back, state_task_run.has_rollback_hook, '
        'state_task_run.attempt, state_task_run.create_time AS create_time, '
        'state_task_run.start_time AS start_time, state_task_run.end_time AS end_time, '
        'state_task_run.upstream FROM state_task_run WHERE state_task_run.namespace = ?1 AND '
        'state_task_run.flow_run_id = ?2 AND state_task_run.position > ?3 ORDER BY '
        'state_task_run.position  LIMIT ?4 OFFSET 0'
    ),
    postgresql=(
        'SELECT state_task_run.position, uuid_send(state_task_run.id) AS id, '
        'uuid_send(state_task_run.parent_task_run_id) AS parent_id, state_task_run.name, '
        'state_task_run.task_name, state_task_run.state_type, state_task_run.state_name, '
        'state_task_run.rolled_back, state_task_run.has_rollback_hook, '
        'state_task_run.attempt, (extract(epoch from state_task_run.create_time) * '
        '1000000)::bigint AS create_time, (extract(epoch from state_task_run.start_time) * '
        '1000000)::bigint AS start_time, (extract(epoch from state_task_run.end_time) * '
        '1000000)::bigint AS end_time, state_task_run.upstream FROM state_task_run WHERE '
        'state_task_run.namespace = $1::text AND state_task_run.flow_run_id = $2::uuid AND '
        'state_task_run.position > $3::bigint ORDER BY state_task_run.position  LIMIT '
        '$4::bigint'
    ),
    binds=(
        ("namespace", "text"),
        ("flow_run_id", "uuid"),
        ("after", "int"),
        ("limit", "int"),
    ),
    columns=(
        ("position", "int"),
        ("id", "bytes"),
        ("parent_id", "bytes"),
        ("name", "text"),
        ("task_name", "text"),
        ("state_type", "text"),
        ("state_name", "text"),
        ("rolled_back", "bool"),
        ("has_rollback_hook", "bool"),
        ("attempt", "int"),
        ("create_time", "int"),
        ("start_time", "int"),
        ("end_time", "int"),
        ("upstream", "bytes"),
    ),
)
