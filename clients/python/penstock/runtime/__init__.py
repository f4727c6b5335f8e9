"""What a running flow or task can know of itself; empty outside a run.

A variable PENSTOCK__RUNTIME__FLOW_RUN__NAME (or TASK_RUN, DEPLOYMENT, and any attribute)
stands in for what a test wants to see.
"""

from penstock.runtime import deployment, flow_run, task_run

__all__ = ["deployment", "flow_run", "task_run"]
