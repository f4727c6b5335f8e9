"""What people do to runs: they cancel them, set their state, and delete them."""

from datetime import timedelta

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    a_cancel,
    a_claim,
    a_decree,
    a_deletion,
    a_failure,
    a_renewal,
    a_retry_policy,
    an_append,
    an_ending,
    called,
    fresh,
    ruling_of,
    some_logs,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1 import task_run_service_pb2
from penstock.api.type.v1 import actor_pb2
from penstock.errors import (
    FlowRunNotFound,
    InvalidArgument,
    LeaseLost,
    RequestIdReused,
    ResourceInUse,
    TaskRunNotFound,
    TransitionRefused,
)
from penstock.wire_errors import named_errors
from penstockd.database import Sql, Statement

pytestmark = pytest.mark.asyncio


def outcome_of(deleted: pb.DeletedFlowRun) -> str:
    return pb.DeletionOutcome.Name(deleted.outcome).removeprefix("DELETION_OUTCOME_")


async def gone(site: Site, flow_run_id: str) -> bool:
    try:
        with named_errors():
            await site.run(flow_run_id)
    except FlowRunNotFound:
        return True
    return False


async def test_a_run_that_nobody_executes_is_cancelled_at_once(site: Site) -> None:
    run = await site.a_run()
    cancelled = (await site.flow_runs.CancelFlowRun(a_cancel(run.id, "rain"))).flow_run
    assert (type_of(cancelled.state), cancelled.state.message) == ("CANCELLED", "rain")
    assert await site.run(run.id) == cancelled


async def test_whoever_executes_a_run_is_told_to_cancel_it(site: Site) -> None:
    lease = await site.a_running_run()
    cancelling = await site.cancel(lease.run.flow_run_id)
    assert type_of(cancelling.state) == "CANCELLING"
    refused = (await site.move(lease, "COMPLETED")).rejected
    assert (type_of(refused.replacement_state), refused.stop) == ("CANCELLED", True)


async def test_an_owner_that_waits_to_retry_loses_a_cancelled_run(site: Site) -> None:
    session = await site.a_session()
    policy = a_retry_policy(1, delays=(60,))
    lease = await site.a_claimed_run(session, retry_policy=policy)
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED", failure=a_failure())
    assert type_of((await site.cancel(lease.run.flow_run_id)).state) == "CANCELLED"
    renewal = a_renewal(session, (lease.lease_ref, "RUNNING"))
    assert ruling_of((await site.leases.Renew(renewal)).verdicts[0]) == "LOST"
    with pytest.raises(LeaseLost), named_errors():
        await site.move(lease, "RUNNING")


async def test_a_cancel_of_what_ends_already_changes_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    first = await site.cancel(lease.run.flow_run_id)
    assert await site.cancel(lease.run.flow_run_id) == first
    await site.move(lease, "CANCELLED")
    ended = await site.run(lease.run.flow_run_id)
    assert await site.cancel(lease.run.flow_run_id) == ended


async def test_a_cancel_that_nobody_ends_is_ended(site: Site) -> None:
    lease = await site.a_running_run()
    await site.cancel(lease.run.flow_run_id)
    site.inside.clock.forward(timedelta(seconds=51))
    await site.inside.tick()
    history = await site.history(lease.run.flow_run_id)
    assert (type_of(history[-1].state), history[-1].actor.id) == ("CANCELLED", "state")
    with pytest.raises(LeaseLost), named_errors():
        await site.move(lease, "COMPLETED")


async def test_a_cancel_serves_one_intent(site: Site) -> None:
    run = await site.a_run()
    request = a_cancel(run.id)
    first = await site.flow_runs.CancelFlowRun(request)
    call = site.flow_runs.CancelFlowRun(request)
    assert await call == first
    assert ("x-replayed", "1") in tuple(await call.trailing_metadata())
    request.message = "another reason"
    with pytest.raises(RequestIdReused), named_errors():
        await site.flow_runs.CancelFlowRun(request)


async def test_unknown_runs_are_errors(site: Site) -> None:
    for call, request in (
        (site.flow_runs.CancelFlowRun, a_cancel(fresh())),
        (site.flow_runs.SetFlowRunState, a_decree(fresh(), "FAILED")),
        (site.flow_runs.DeleteFlowRun, a_deletion(fresh())),
    ):
        with pytest.raises(FlowRunNotFound), named_errors():
            await call(request)


async def test_an_owner_loses_a_run_that_was_set(site: Site) -> None:
    session = await site.a_session()
    lease = await site.a_claimed_run(session)
    await site.move(lease, "RUNNING")
    run_id = lease.run.flow_run_id
    answer = await site.flow_runs.SetFlowRunState(a_decree(run_id, "COMPLETED"))
    assert type_of(answer.flow_run.state) == "COMPLETED"
    renewal = a_renewal(session, (lease.lease_ref, "RUNNING"))
    assert ruling_of((await site.leases.Renew(renewal)).verdicts[0]) == "LOST"
    with pytest.raises(LeaseLost), named_errors():
        await site.move(lease, "FAILED")
    last = (await site.history(run_id))[-1]
    assert (last.actor.kind, last.fence) == (actor_pb2.ACTOR_KIND_USER, 0)
    assert last.state.message == "by decree"


async def test_a_run_is_set_against_the_arrows_by_force_alone(site: Site) -> None:
    run = await site.a_run()
    await site.cancel(run.id)
    with pytest.raises(TransitionRefused, match="force"), named_errors():
        await site.flow_runs.SetFlowRunState(a_decree(run.id, "FAILED"))
    answer = await site.flow_runs.SetFlowRunState(a_decree(run.id, "FAILED", force=True))
    assert type_of(answer.flow_run.state) == "FAILED"


async def test_a_run_that_had_ended_starts_afresh(site: Site) -> None:
    session = await site.a_session()
    lease = await site.a_claimed_run(session)
    await site.move(lease, "RUNNING")
    await site.move(lease, "COMPLETED", result_id=fresh())
    run_id = lease.run.flow_run_id
    again = a_decree(run_id, "SCHEDULED", force=True)
    run = (await site.flow_runs.SetFlowRunState(again)).flow_run
    assert (run.epoch, run.attempt, run.result_id) == (1, 0, "")
    assert not run.HasField("end_time")
    claimed = (await site.leases.Claim(a_claim(session))).claimed[0]
    assert (claimed.flow_run.id, claimed.lease.attempt) == (run_id, 1)


async def test_nobody_would_take_a_scripts_run_that_waits(site: Site) -> None:
    lease = await site.a_running_run()
    for force in (False, True):
        decree = a_decree(lease.run.flow_run_id, "SCHEDULED", force=force)
        with pytest.raises(TransitionRefused, match="pool"), named_errors():
            await site.flow_runs.SetFlowRunState(decree)
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


@pytest.mark.parametrize("to", ["RUNNING", "PENDING", "PAUSED", "CANCELLING"])
async def test_nobody_executes_user_code_by_decree(site: Site, to: str) -> None:
    run = await site.a_run()
    with pytest.raises(InvalidArgument, match=r"to_state\.state_type"), named_errors():
        await site.flow_runs.SetFlowRunState(a_decree(run.id, to, force=True))


async def test_a_deleted_run_is_gone_with_all_that_belonged_to_it(site: Site) -> None:
    lease = await site.a_running_run(tags=["wet"])
    run_id, task_run_id = lease.run.flow_run_id, fresh()
    await site.journal.AppendJournal(an_append(lease, called(task_run_id)))
    await site.logs.AppendLogs(some_logs(lease, 1))
    await site.move(lease, "COMPLETED")
    answer = await site.flow_runs.DeleteFlowRun(a_deletion(run_id))
    assert outcome_of(answer.result) == "DELETED"
    assert await gone(site, run_id)
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.history(run_id)
    request = task_run_service_pb2.GetTaskRunRequest(
        namespace=NAMESPACE, task_run_id=task_run_id
    )
    with pytest.raises(TaskRunNotFound), named_errors():
        await site.task_runs.GetTaskRun(request)
    left = await site.inside.database.read(rows_left)
    assert left == {}


async def rows_left(sql: Sql) -> dict[str, int]:
    left = {}
    for table in (
        "state_flow_run", "state_flow_run_label", "state_transition", "state_task_run",
        "state_journal", "state_log", "state_log_source",
    ):  # fmt: skip
        text = f"SELECT count(*) AS count FROM {table}"
        statement = Statement(
            name=table, sqlite=text, postgresql=text, binds=(), columns=(("count", "int"),)
        )
        row = await sql.one(statement)
        if row and row["count"]:
            left[table] = row["count"]
    return left


async def test_a_run_that_has_not_ended_is_not_deleted(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(ResourceInUse, match="cancel"), named_errors():
        await site.flow_runs.DeleteFlowRun(a_deletion(lease.run.flow_run_id))
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_a_run_is_deleted_once_its_cancel_has_ended(site: Site) -> None:
    lease = await site.a_running_run()
    run_id = lease.run.flow_run_id
    answer = await site.flow_runs.DeleteFlowRun(a_deletion(run_id, cancel=True))
    assert outcome_of(answer.result) == "CANCELLING"
    await site.inside.tick("state.deletion")
    assert await site.state(run_id) == "CANCELLING"
    await site.leases.Complete(an_ending(lease.lease_ref, "cancelled"))
    await site.inside.tick("state.deletion")
    assert await gone(site, run_id)


async def test_a_run_that_nobody_executes_is_cancelled_and_deleted_at_once(site: Site) -> None:
    run = await site.a_run()
    answer = await site.flow_runs.DeleteFlowRun(a_deletion(run.id, cancel=True))
    assert outcome_of(answer.result) == "DELETED"
    assert await gone(site, run.id)


async def test_many_runs_are_deleted_each_on_its_own(site: Site) -> None:
    lease = await site.a_running_run()
    ended, waiting, unknown = await site.a_run(), await site.a_run(), fresh()
    await site.cancel(ended.id)
    ids = [unknown, lease.run.flow_run_id, ended.id, waiting.id]

    async def deleted(*, cancel: bool) -> list[str]:
        request = pb.DeleteFlowRunsRequest(
            request_id=fresh(), namespace=NAMESPACE, flow_run_ids=ids, cancel=cancel
        )
        answer = await site.flow_runs.DeleteFlowRuns(request)
        assert [it.flow_run_id for it in answer.results] == ids
        return [outcome_of(it) for it in answer.results]

    assert await deleted(cancel=False) == ["NOT_FOUND", "IN_USE", "DELETED", "IN_USE"]
    assert await deleted(cancel=True) == ["NOT_FOUND", "CANCELLING", "NOT_FOUND", "DELETED"]


async def test_a_deletion_that_comes_twice_happens_once(site: Site) -> None:
    run = await site.a_run()
    request = a_deletion(run.id, cancel=True)
    first = await site.flow_runs.DeleteFlowRun(request)
    assert await site.flow_runs.DeleteFlowRun(request) == first
