"""Has a deployed run traced through all processes, from the command that asked for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing

from hanging import HANG_LIMIT
from integration.caller import FLOWS, Caller
from integration.system import System

DEPLOY_AND_RUN = f"""
import sys
from penstock.deployments import run_deployment
outcome = run_deployment(sys.argv[1], timeout={HANG_LIMIT})
print(outcome.id, outcome.state.type.value)
"""


def traced_run(system: System, environment: Mapping[str, str]) -> str:
    """Run the deployed flow `travelling` from a process of its own; return the trace's id."""
    with closing(Caller(system.addresses)) as caller:
        name = caller.deploy("travelling", file=FLOWS)
        done = subprocess.run(
            [sys.executable, "-c", DEPLOY_AND_RUN, name],
            env={**system.environment, **environment},
            capture_output=True,
            text=True,
            timeout=HANG_LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        flow_run_id, state = done.stdout.split()
        assert state == "COMPLETED", caller.story(flow_run_id)
        traceparent = caller.flow_run(flow_run_id).traceparent
    return traceparent.split("-")[1]
