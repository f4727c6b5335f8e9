"""How much of a resource is asked for."""

from enum import StrEnum


class View(StrEnum):
    BASIC = "BASIC"
    FULL = "FULL"
