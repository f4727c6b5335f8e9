"""LaunchSpec <-> value, for servicers and peers alike."""

from penstock.api.type.v1 import launch_spec_pb2
from penstockd.scheduler.rules.launch import LaunchSpec


def launch_from_proto(message: launch_spec_pb2.LaunchSpec) -> LaunchSpec:
    return LaunchSpec(
        entrypoint=message.entrypoint,
        interpreter=message.interpreter,
        working_dir=message.working_dir,
        sys_path=tuple(message.sys_path),
        source_digest=message.source_digest,
    )


def launch_to_proto(launch: LaunchSpec) -> launch_spec_pb2.LaunchSpec:
    return launch_spec_pb2.LaunchSpec(
        entrypoint=launch.entrypoint,
        interpreter=launch.interpreter,
        working_dir=launch.working_dir,
        sys_path=launch.sys_path,
        source_digest=launch.source_digest,
    )
