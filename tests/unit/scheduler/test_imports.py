import subprocess
import sys

HEAVY = (
    "alembic",
    "asyncpg",
    "jsonschema_rs",
    "opentelemetry",
    "protovalidate",
    "pydantic",
    "sqlalchemy",
)


def test_the_embedded_scheduler_loads_nothing_heavy() -> None:
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; import penstockd.scheduler.wiring; "
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []
