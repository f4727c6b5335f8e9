"""Names of runs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from penstock.ground.signatures import bound_arguments

if TYPE_CHECKING:
    from penstock.declarations import FlowDeclaration, TaskDeclaration


def task_run_name(task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the name that the task's author chose; empty for the task's own with a number."""
    template = task.options.task_run_name
    if template is None:
        return ""
    if callable(template):
        return str(template())
    return _filled(template, bound(task.fn, args, kwargs))


def flow_run_name(flow: FlowDeclaration, parameters: Mapping[str, Any]) -> str:
    """Return the name that the flow's author chose; empty when the server is to choose one."""
    template = flow.options.flow_run_name
    if template is None:
        return ""
    if callable(template):
        return str(template())
    return _filled(template, {"flow_name": flow.name} | dict(parameters))


def _filled(template: str, known: Mapping[str, Any]) -> str:
    try:
        return template.format(**known)
    except KeyError as error:
        raise ValueError(
            f"the name {template!r} has an unknown placeholder {{{error.args[0]}}}: "
            f"known are {', '.join(known) or 'none'}"
        ) from None
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"the name {template!r} cannot be made: {error}") from error


def bound(fn: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call's arguments by name, with the defaults of those left out.

    Raises:
        ParameterBindError: a name is unknown or given twice, or one is missing.
    """
    named = getattr(fn, "__name__", "the task")
    arguments = bound_arguments(named, inspect.signature(fn), args, kwargs)
    arguments.apply_defaults()
    return arguments.arguments
