"""What a test calls to put services in the place of those of this process."""

from collections.abc import Callable
from typing import Any

Services = Callable[[Any], None]
