"""The two teams, and the stages of a lead as the agreement's files, CRMs' claims and the models name them.

SQL joins the same names and their order from the seed `lifecycle_stages`; a test holds the two to each other.
"""

from __future__ import annotations

from typing import Literal, get_args

Stage = Literal["lead", "mql", "sql", "opportunity", "customer", "disqualified", "recycled"]

Team = Literal["marketing", "sales"]

TEAMS: tuple[Team, ...] = get_args(Team)

STAGES: tuple[Stage, ...] = get_args(Stage)
EXITS: tuple[Stage, ...] = ("disqualified", "recycled")
PROGRESS: tuple[Stage, ...] = tuple(stage for stage in STAGES if stage not in EXITS)  # in order
