"""The times that the server dictates to those who own runs."""

from dataclasses import dataclass
from datetime import timedelta

# What the last message of a cancelled owner may take to arrive.
_SLACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`cancel_grace` is from the cancel token to SIGKILL; a sixth of it precedes SIGTERM."""

    ttl: timedelta = timedelta(seconds=15)
    renew_interval: timedelta = timedelta(seconds=5)
    ack_deadline: timedelta = timedelta(seconds=5)
    cancel_grace: timedelta = timedelta(seconds=30)

    @property
    def cancel_within(self) -> timedelta:
        """How long a cancelled run may take to end, whatever is dead."""
        return self.cancel_grace + self.ttl + _SLACK

    @property
    def kill_grace(self) -> timedelta:
        """From SIGTERM to SIGKILL."""
        return self.cancel_grace * 5 / 6
