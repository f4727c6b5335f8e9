"""The golden vectors of flow runs hold over every transport and in every database."""

from typing import Any

import pytest

from contract.state.requests import fresh
from contract.state.site import Site
from penstock.errors import InvalidArgument, PenstockError
from penstock.wire_errors import named_errors
from penstockd.database import Sql
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.store.sql_store import SqlTransaction
from unit.state.flow_run_vectors import as_dict, request_of, stored_run
from unit.state.vector_values import cases

pytestmark = pytest.mark.asyncio


async def answer_to(site: Site, case: dict[str, Any]) -> dict[str, Any]:
    request = request_of(case)
    request.request_id = fresh()
    try:
        with named_errors():
            return as_dict(await site.transitions.TransitionFlowRun(request))
    except PenstockError as error:
        told = {"code": error.code.name, "reason": error.reason}
        if isinstance(error, InvalidArgument):
            told["field"] = error.violations[0].field
        return told


async def test_the_service_gives_the_golden_answers(site: Site) -> None:
    for case in cases("flow_run_transitions"):
        await site.inside.database.write(_keeping(stored_run(case)))
        expected = case.get("response") or case["error"]
        assert await answer_to(site, case) == expected, case["name"]


def _keeping(run: FlowRun) -> Any:
    """Put the run of a case in the place of the one before."""

    async def work(sql: Sql) -> None:
        tx = SqlTransaction(sql)
        await tx.flow_runs.delete(run.namespace, [run.id])
        assert await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.ACKNOWLEDGED)

    return work
