"""What `buf.validate` says of the fields of the contract."""

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass


class FieldRules:
    """Reads `buf.validate.field` in a pool of its own: generated code has no such option."""

    def __init__(self, descriptors: FileDescriptorSet) -> None:
        pool = DescriptorPool()
        for file in descriptors.file:
            pool.Add(file)
        self._options = GetMessageClass(
            pool.FindMessageTypeByName("google.protobuf.FieldOptions")
        )
        self._extension: Any = pool.FindExtensionByName("buf.validate.field")

    def of(self, field: FieldDescriptorProto) -> Any:
        options = self._options.FromString(field.options.SerializeToString())
        return options.Extensions[self._extension]
