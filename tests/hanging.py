"""How long tests wait for what must happen.

No verdict depends on how fast a machine is: this only keeps a hang from lasting. What must be
quick is told from what is not by something that would take longer than this, or measured in
tests/bench.
"""

HANG_LIMIT = 150.0
