import pytest

from builders import NAMESPACE
from contract.state.requests import a_claim, fresh, some_logs
from contract.state.site import Site
from penstock.api.state.v1 import lease_pb2
from penstock.api.state.v1 import log_service_pb2 as pb
from penstock.errors import FlowRunNotFound, InvalidArgument, LeaseLost, PageTokenInvalid
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


async def append(site: Site, lease: lease_pb2.Lease, *offsets: int, source: str = "run") -> int:
    reply = await site.logs.AppendLogs(some_logs(lease, *offsets, source=source))
    return int(reply.acknowledged_offset)


async def listed(
    site: Site, flow_run_id: str, *, token: str = "", size: int = 0, min_level: int = 0
) -> pb.ListLogsResponse:
    request = pb.ListLogsRequest(
        namespace=NAMESPACE,
        flow_run_id=flow_run_id,
        page_token=token,
        page_size=size,
        min_level=min_level,
    )
    return await site.logs.ListLogs(request)  # type: ignore[no-any-return]


async def test_lines_are_kept_in_the_order_in_which_they_arrive(site: Site) -> None:
    lease = await site.a_running_run()
    assert await append(site, lease, 1, 2) == 2
    assert await append(site, lease, 1, source="worker") == 1
    assert await append(site, lease, 3) == 3
    lines = (await listed(site, lease.flow_run_id)).lines
    assert [it.message for it in lines] == ["line 1", "line 2", "line 1", "line 3"]
    assert {it.attempt for it in lines} == {1}


async def test_lines_that_are_known_are_not_appended_again(site: Site) -> None:
    lease = await site.a_running_run()
    await append(site, lease, 1, 2)
    assert await append(site, lease, 2, 3) == 3
    assert await append(site, lease, 1) == 3
    assert [it.offset for it in (await listed(site, lease.flow_run_id)).lines] == [1, 2, 3]


async def test_the_last_page_tells_where_to_go_on(site: Site) -> None:
    lease = await site.a_running_run()
    nothing = await listed(site, lease.flow_run_id)
    assert (len(nothing.lines), nothing.more) == (0, False)
    await append(site, lease, 1, 2, 3)
    page = await listed(site, lease.flow_run_id, token=nothing.next_page_token, size=2)
    assert ([it.offset for it in page.lines], page.more) == ([1, 2], True)
    page = await listed(site, lease.flow_run_id, token=page.next_page_token, size=2)
    assert ([it.offset for it in page.lines], page.more) == ([3], False)
    await append(site, lease, 4)
    page = await listed(site, lease.flow_run_id, token=page.next_page_token)
    assert [it.offset for it in page.lines] == [4]


async def test_a_line_with_a_nul_is_kept_on_every_database(site: Site) -> None:
    lease = await site.a_running_run()
    request = some_logs(lease, 1)
    request.lines[0].message = "a\x00b"
    await site.logs.AppendLogs(request)
    (line,) = (await listed(site, lease.flow_run_id)).lines
    assert line.message == "a\ufffdb"


async def test_a_level_keeps_what_is_loud_enough(site: Site) -> None:
    lease = await site.a_running_run()
    await site.logs.AppendLogs(some_logs(lease, 1, level=20))
    await site.logs.AppendLogs(some_logs(lease, 2, level=40))
    lines = (await listed(site, lease.flow_run_id, min_level=30)).lines
    assert [it.offset for it in lines] == [2]


async def test_lines_of_the_last_owner_are_taken_after_the_end(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    assert await append(site, lease, 1) == 1


async def test_lines_of_a_lost_owner_are_taken_until_there_is_another(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await site.pass_time(seconds=6)
    assert await append(site, lease, 1) == 1
    await site.leases.Claim(a_claim(second))
    with pytest.raises(LeaseLost), named_errors():
        await append(site, lease, 2)


async def test_logs_belong_to_a_run(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(FlowRunNotFound), named_errors():
        await listed(site, fresh())
    lease.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await append(site, lease, 1)


async def test_bad_requests_are_refused(site: Site) -> None:
    lease = await site.a_running_run()
    for call, request in (
        (site.logs.AppendLogs, some_logs(lease, 0)),
        (site.logs.ListLogs, pb.ListLogsRequest(namespace=NAMESPACE)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
    token = (await listed(site, lease.flow_run_id)).next_page_token
    with pytest.raises(PageTokenInvalid), named_errors():
        await listed(site, fresh(), token=token)
