"""Lists how many bytes messages of the contract may take, for whoever has no descriptors."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_HEADER = '''"""Generated from proto/ by `make gen`; never edited."""

# fmt: off
from collections.abc import Mapping

MAX_BYTES: Mapping[str, int] = {
'''


def max_bytes(descriptors: FileDescriptorSet) -> Mapping[str, int]:
    """Return the bounds by message; most have none."""
    pool = DescriptorPool()
    for file in descriptors.file:
        pool.Add(file)
    # In a pool of its own: generated code has no such option.
    options = GetMessageClass(pool.FindMessageTypeByName("google.protobuf.MessageOptions"))
    bound: Any = pool.FindExtensionByName("penstock.api.type.v1.max_bytes")
    found: dict[str, int] = {}
    for file in descriptors.file:
        for message in file.message_type:
            said: Any = options.FromString(message.options.SerializeToString())
            if said.HasExtension(bound):
                found[f"{file.package}.{message.name}"] = said.Extensions[bound]
    return found


def as_python(bounds: Mapping[str, int]) -> str:
    lines = [f'    "{message}": {most},' for message, most in sorted(bounds.items())]
    return _HEADER + "\n".join(lines) + "\n}\n"
