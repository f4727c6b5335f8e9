"""What a flow run needs to go on in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.client.journal import Journal
from penstock.client.logs import Logs
from penstock.engine.contexts import FlowRunContext, FlowRunFacts
from penstock.ground.ids import new_id
from penstock.recording.batches import Batches
from penstock.recording.recorder import Recorder, way_for
from penstock.task_runners import ThreadPoolTaskRunner

if TYPE_CHECKING:
    from penstock.client.connection import Connection
    from penstock.client.wire.owned import Owned
    from penstock.declarations import FlowDeclaration
    from penstock.ground.cancelling import CancelToken


def live_run(
    flow: FlowDeclaration,
    facts: FlowRunFacts,
    owned: Owned,
    cancel: CancelToken,
    *,
    connection: Connection,
    parent: FlowRunContext | None = None,
) -> FlowRunContext:
    """Return a run that this process owns, with a recorder and a task runner of its own.

    A task runner of the user's is made when the run begins, for its code may raise.
    """
    batches = Batches(connection.part(Journal), connection.part(Logs), owned, new_id)
    own = flow.options.log_prints
    return FlowRunContext(
        flow=flow,
        flow_run=facts,
        owned=owned,
        recorder=Recorder(
            way_for(connection, cancel), batches.append_journal, batches.append_logs
        ),
        cancel=cancel,
        task_runner=ThreadPoolTaskRunner(),
        log_prints=own if own is not None else parent is not None and parent.log_prints,
        finished={} if flow.options.retries else None,
    )
