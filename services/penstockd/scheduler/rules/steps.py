"""How much work one judgement may take, whatever it is about."""

from dataclasses import dataclass

# Some 50 ms.
ENOUGH = 50_000


@dataclass(slots=True)
class Steps:
    """Counts down over all parts of a judgement."""

    left: int = ENOUGH

    def spend(self, steps: int = 1) -> bool:
        """Tell whether there were as many left."""
        self.left -= steps
        return self.left >= 0
