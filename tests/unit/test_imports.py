"""What `import penstock` loads."""

import subprocess
import sys

LIGHT = """
import sys
from penstock import flow, task

@task
def one(): ...

@flow
def two(): ...

heavy = "asyncio pydantic grpc google.protobuf sqlalchemy opentelemetry.sdk concurrent.futures"
print([name for name in heavy.split() if name in sys.modules])
"""


def test_two_decorators_load_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr
