"""The worlds of the made-up company, by name; light enough for the help of a command."""

from __future__ import annotations

from enum import StrEnum


class World(StrEnum):
    """What really moves people (causes/worlds.sql)."""

    ADDITIVE = "additive"
    INTERACTING = "interacting"
    RETARGETING = "retargeting"
    DARK = "dark"
