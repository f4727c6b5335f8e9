"""Saves flow runs, and ends what one leaves open that nobody works on any more."""

from uuid import uuid5

from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.left_open import ended_with
from penstockd.state.rules.task_run import Illegal, Known, TaskRun, fold, position_of
from penstockd.state.store import Transaction
from penstockd.state.store.ports.journal import JournalBatch

# As many entries as a batch of a worker may have.
AT_ONCE = 1000


async def save(tx: Transaction, run: FlowRun, *, actor: Actor, fence: int = 0) -> None:
    """Save a locked run; `fence` is what its owner showed, if it moved the run.

    Without an owner it leaves no task run open: nothing would end it.
    """
    if run.open_task_runs and not run.ownership.owned:
        # Under the last owner's fence, so that its journal tells of them without a gap.
        while left := await tx.task_runs.left_open(run.namespace, run.id, limit=AT_ONCE):
            await _end(tx, run, left[::-1])
    await tx.flow_runs.save(run, actor=actor, fence=fence)


async def _end(tx: Transaction, run: FlowRun, task_runs: list[TaskRun]) -> None:
    head = await tx.journal.head(run.namespace, run.id)
    position = position_of(head.fence, head.next_sequence)
    moves = ended_with(run.state, task_runs)
    known = {
        it.called.task_run_id: Known(flow_run_id=run.id, progress=it.progress)
        for it in task_runs
    }
    folded = fold(moves, known, flow_run_id=run.id, first_position=position)
    assert not isinstance(folded, Illegal)  # noqa: S101 - all that is open may end
    batch = JournalBatch(
        namespace=run.namespace,
        flow_run_id=run.id,
        fence=head.fence,
        first_sequence=head.next_sequence,
        count=len(moves),
        request_id=uuid5(run.id, str(position)),
        request_hash=b"",
        entries=tx.journal.pack(moves),
    )
    await tx.journal.append(batch, folded, epoch=head.epoch, at=run.state.time)
