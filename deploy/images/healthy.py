"""`healthy HOST:PORT [NAME]`: exits 0 if what is there is ready, by grpc.health.v1.

NAME is `readiness`, `liveness`, or that of a gRPC service.
"""

import sys
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

LIMIT = 3.0
# A proxy of the environment would be asked for this very container.
OPTIONS = [("grpc.enable_http_proxy", 0)]


def main(address: str, name: str = "readiness") -> int:
    with grpc.insecure_channel(address, options=OPTIONS) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=LIMIT)
        except grpc.RpcError as error:
            sys.stderr.write(f"{address}: {error.code().name}\n")
            return 1
    return 0 if answer.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
