from penstockd.scheduler.rules.work_pool import Users, WorkQueue, queues_served, unknown_queue
from unit.scheduler.builders import NOON, a_pool

POOL = a_pool(
    work_queues=(
        WorkQueue(name="urgent", priority=1, create_time=NOON),
        WorkQueue(name="default", priority=2, create_time=NOON),
    )
)


def test_a_new_pool_has_the_queue_of_those_who_name_none() -> None:
    assert [(queue.name, queue.priority) for queue in a_pool().work_queues] == [("default", 1)]


def test_who_names_no_queue_serves_all_the_most_urgent_first() -> None:
    assert queues_served(POOL, ()) == ("urgent", "default")


def test_who_names_queues_serves_them_in_the_pools_order() -> None:
    assert queues_served(POOL, ("default", "urgent")) == ("urgent", "default")
    assert queues_served(POOL, ("default",)) == ("default",)


def test_an_unknown_queue_is_found() -> None:
    assert unknown_queue(POOL, ["default", "slow"]) == "slow"
    assert unknown_queue(POOL, []) is None


def test_those_who_use_a_pool_are_told_in_words() -> None:
    users = Users(live_workers=2, flow_runs=1)
    assert users.some == {"live_workers": 2, "flow_runs": 1}
    assert str(users) == "live workers (2), flow runs (1)"
    assert not Users().some
