"""A protoc plugin for service stubs: grpcio-tools ships the generator, but not as a plugin."""

import sys
import tempfile
from pathlib import Path

from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc


def stubs(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    with_services = {file.name for file in request.proto_file if file.service}
    asked = [name for name in request.file_to_generate if name in with_services]
    reply = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    if not asked:
        return reply
    with tempfile.TemporaryDirectory() as folder:
        descriptors = Path(folder, "set.binpb")
        descriptors.write_bytes(FileDescriptorSet(file=request.proto_file).SerializeToString())
        out = Path(folder, "out")
        out.mkdir()
        code = protoc.main(
            [
                "protoc",
                f"--descriptor_set_in={descriptors}",
                f"--grpc_python_out={out}",
                *asked,
            ]
        )
        if code:
            reply.error = f"protoc exited with {code}"
        for path in sorted(out.rglob("*_grpc.py")):
            reply.file.add(name=str(path.relative_to(out)), content=path.read_text())
    return reply


if __name__ == "__main__":
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(stubs(request).SerializeToString())
