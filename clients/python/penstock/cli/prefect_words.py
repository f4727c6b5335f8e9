"""What people who know Prefect type, and what it is called here, if there is such a thing."""

from __future__ import annotations

# Commands that have another name here.
COMMANDS = {
    "server": "penstock up",
    "worker": "penstock executor",
    "agent": "penstock executor",
    "work-pool": "penstock pool",
    "work-queue": "penstock queue",
    "profile": "penstock config view",
}
LATER_COMMANDS = frozenset(
    {
        "api",
        "artifact",
        "automation",
        "block",
        "cloud",
        "concurrency-limit",
        "dashboard",
        "event",
        "events",
        "flow",
        "gcl",
        "global-concurrency-limit",
        "shell",
        "task",
        "task-run",
        "transfer",
        "variable",
        "webhook",
    }
)

# Options that have another name here.
OPTIONS = {
    "--flow-name": "--flow",
    "--state-type": "--state",
    "--work-queue": "--queue",
    "--pool-name": "--pool",
    "--parameter": "--param",
}
LATER_OPTIONS = frozenset(
    {
        "--all",
        "--anchor-date",
        "--background",
        "--base-job-template",
        "--collision-strategy",
        "--concurrency-limit",
        "--cron",
        "--enforce-parameter-schema",
        "--image",
        "--install-policy",
        "--interval",
        "--job-variable",
        "--jv",
        "--no-schedule",
        "--overwrite",
        "--paused",
        "--prefect-file",
        "--prefetch-seconds",
        "--profile",
        "--rrule",
        "--set-as-default",
        "--sla",
        "--slot-decay-per-second",
        "--start-at",
        "--start-in",
        "--timezone",
        "--trigger",
        "--version-type",
        "--with-healthcheck",
    }
)


def about_command(name: str) -> str:
    """Return what there is to say to somebody who typed the name of a command; or nothing."""
    if name in COMMANDS:
        return f"{name!r} is `{COMMANDS[name]}` here."
    return f"{name!r} is not in this version." if name in LATER_COMMANDS else ""


def about_option(name: str) -> str:
    """Return what there is to say to somebody who typed the name of an option; or nothing."""
    if name in OPTIONS:
        return f"{name!r} is {OPTIONS[name]!r} here."
    return f"{name!r} is not in this version." if name in LATER_OPTIONS else ""
