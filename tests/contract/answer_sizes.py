"""How many bytes the messages of the contract take at most, by the bounds that stand in it.

What a service writes by itself, such as ids, and what it cuts, such as lists, has no bound in
the contract: these stand in tables here, and what stands in neither is unbounded.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from penstockd.chassis.contract_rules import DESCRIPTORS
from penstockd.chassis.max_bytes import MAX_BYTES
from penstockd.chassis.wire.messages import LARGEST_LIST

# Tag and length of a field, or of an entry.
HEAD = 6
NUMBER = 10
UUID, NAME, TITLE = 36, 63, 4 * 255
TIMES = ("google.protobuf.Timestamp", "google.protobuf.Duration")

# Texts that the service made, or took from a request under a bound that stands there.
WRITTEN = {
    **dict.fromkeys(("cursor", "watch_cursor"), 40),
    "next_page_token": 4_096,
    **dict.fromkeys(("namespace", "work_pool", "work_queue"), NAME),
    **dict.fromkeys(("name", "flow_name", "flow_run_name", "task_name"), 4 * 400),
    "state_name": 4 * 100,
    "traceparent": 55,
    "description": 4 * 16_384,
    "message": 4 * 16_384,
    **dict.fromkeys(("pool_type", "runtime"), 100),
    "handle": 4_096,
    "chunk": 1 << 20,
    "key": TITLE,
    "left_out": 200,
    "work_queues": NAME,
}
# Messages that are bounded as a whole by who makes them.
MADE = {
    "penstock.api.state.v1.GetFlowRunGraphResponse": 1 << 20,
}
# Fields that come from one bounded message, and are no larger together.
KEPT_OF = {
    "penstock.api.state.v1.TaskRun": (
        "penstock.api.state.v1.TaskRunCalled",
        ("name", "task_name", "upstream", "tags", "inputs"),
    )
}
# Lists that are cut by bytes, behind at least one item; none has more than so many.
MOST_ITEMS = 1_000
CUT = {
    *("changes", "claimed", "deployments", "entries", "executions", "flow_runs", "flows"),
    *("lines", "task_runs", "transitions", "work_pools", "workers", "works"),
}
# Lists with a largest number of items.
MOST = {
    **dict.fromkeys(("tags", "work_queues"), 100),
    "counts": 1_000,
    "left_out": 10,
    # One for each that was sent.
    "results": 250,
    "verdicts": 10_000,
}
# Of many messages in one answer each is cut: these are their bytes together.
ALL_MESSAGES = 2 << 20
CUT_TOGETHER = {
    "penstock.api.state.v1.CompleteResponse",
    "penstock.api.state.v1.RenewResponse",
    "penstock.api.state.v1.OpenWorkerSessionResponse",
    "penstock.api.scheduler.v1.RegisterResponse",
}


@cache
def contract() -> DescriptorPool:
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file:
        pool.Add(file)
    return pool


def answers() -> Iterator[tuple[str, Descriptor]]:
    """Return the response of each RPC, by `Service.Method`."""
    for file in FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file:
        for service in file.service:
            for method in service.method:
                found = contract().FindMessageTypeByName(method.output_type.removeprefix("."))
                yield f"{service.name}.{method.name}", found


def largest(answer: Descriptor) -> int:
    """Return how many bytes an answer takes at most. Raises LookupError for no bound."""
    if answer.full_name not in CUT_TOGETHER:
        return _message(answer, answer.name)
    (many,) = [field for field in answer.fields if field.is_repeated]
    assert many.message_type is not None
    count = MOST[many.name]
    # The texts of all count once, and not with each.
    each = _message(many.message_type, answer.name, untold=("message",)) + HEAD
    return count * each + ALL_MESSAGES + 100


def _message(kind: Descriptor, path: str, *, untold: tuple[str, ...] = ()) -> int:
    if kind.full_name in TIMES:
        return 2 * NUMBER
    if kind.full_name in MADE:
        return MADE[kind.full_name]
    if kind.full_name in MAX_BYTES:
        return MAX_BYTES[kind.full_name]
    choices = dict[str, int]()
    source, kept = KEPT_OF.get(kind.full_name, ("", ()))
    alone = MAX_BYTES[source] if source else 0
    for field in kind.fields:
        if field.name in (*untold, *kept):
            continue
        size = _field(field, f"{path}.{field.name}", untold)
        if field.containing_oneof is None:
            alone += size
        else:
            name = field.containing_oneof.name
            choices[name] = max(choices.get(name, 0), size)
    return alone + sum(choices.values())


def _field(field: FieldDescriptor, path: str, untold: tuple[str, ...]) -> int:
    rule = _rule(field)
    if not field.is_repeated:
        return HEAD + _value(field, rule, path, untold)
    if field.name in CUT:
        one = _value(field, rule.repeated.items, path, untold)
        return max(LARGEST_LIST + MOST_ITEMS * HEAD, one)
    most = rule.map.max_pairs or rule.repeated.max_items or MOST.get(field.name)
    if not most:
        raise LookupError(f"{path} has no largest number of items")
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields
        pair = _value(key, rule.map.keys, path, untold) + _value(
            value, rule.map.values, path, untold
        )
        return int(most) * (pair + 3 * HEAD)
    return int(most) * (HEAD + _value(field, rule.repeated.items, path, untold))


def _value(field: FieldDescriptor, rule: Any, path: str, untold: tuple[str, ...]) -> int:
    if field.message_type is not None:
        return _message(field.message_type, path, untold=untold)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return int(rule.bytes.max_len or rule.bytes.len or _written(field, path))
    if field.type != FieldDescriptor.TYPE_STRING:
        return NUMBER
    if rule.string.uuid:
        return UUID
    if rule.string.max_bytes or rule.string.max_len:
        return int(rule.string.max_bytes or 4 * rule.string.max_len)
    return _written(field, path)


def _written(field: FieldDescriptor, path: str) -> int:
    if field.name in WRITTEN:
        return WRITTEN[field.name]
    if field.name == "id" or field.name.endswith("_id"):
        return UUID
    raise LookupError(f"{path} has no largest length")


def _rule(field: FieldDescriptor) -> Any:
    options = GetMessageClass(contract().FindMessageTypeByName("google.protobuf.FieldOptions"))
    said: Any = options.FromString(field.GetOptions().SerializeToString())
    return said.Extensions[contract().FindExtensionByName("buf.validate.field")]
