"""Every command by its path, with what it does, so that --help loads no code of theirs."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """`target` is `module:attribute` under `penstock.cli`."""

    target: str
    help: str


GROUPS: dict[str, str] = {
    "deployment": "Deployments: flows that workers run.",
    "flow-run": "Flow runs: what is running and what has run.",
    "pool": "Work pools: where runs of deployments wait for workers.",
    "queue": "Work queues: which runs of a work pool go first.",
    "config": "Settings: their values and where they come from.",
    "executor": "Executors: the workers that start runs on this machine.",
}

COMMANDS: dict[str, Command] = {
    "up": Command("serving:up", "Serve everything on this machine."),
    "run": Command("running:run", "Run a flow now, in this process: FILE.py:FLOW."),
    "deploy": Command("deploying:deploy", "Create a deployment of a flow: FILE.py:FLOW."),
    "deployment ls": Command("deployments:ls", "List deployments."),
    "deployment inspect": Command("describing:inspect", "Show one deployment in full."),
    "deployment run": Command("deployments:run", "Create a run of a deployment."),
    "deployment delete": Command("deployments:delete", "Delete a deployment."),
    "result": Command("results:result", "Print what a flow run returned."),
    "flow-run ls": Command("flow_runs:ls", "List flow runs, newest first."),
    "flow-run count": Command("counting:count", "Count flow runs, by state, flow and more."),
    "flow-run inspect": Command("inspecting:inspect", "Show one run, its tasks and history."),
    "flow-run watch": Command("flow_runs:watch", "Show a run's tasks live until it ends."),
    "flow-run logs": Command("logs:logs", "Print the log of a run."),
    "flow-run cancel": Command("flow_runs:cancel", "Cancel a run."),
    "flow-run delete": Command("deleting:delete", "Delete flow runs."),
    "pool ls": Command("pools:ls", "List work pools."),
    "pool create": Command("pools:create", "Create a work pool."),
    "pool workers": Command("pools:workers", "List the workers of a work pool."),
    "pool delete": Command("pools:delete", "Delete a work pool."),
    "queue ls": Command("queues:ls", "List the work queues of a pool."),
    "queue create": Command("queues:create", "Create a work queue in a pool."),
    "queue delete": Command("queues:delete", "Delete a work queue of a pool."),
    "executor ls": Command("executors:ls", "List the executors of all work pools."),
    "executor start": Command("serving:executor", "Start an executor for a work pool."),
    "config view": Command("configuration:view", "Show settings and where they come from."),
    "completion": Command("completing:completion", "Print the Tab completion for a shell."),
    "doctor": Command("doctor:doctor", "Check this installation and its store."),
    "version": Command("version:version", "Print the version."),
}
