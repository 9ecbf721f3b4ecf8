"""The options that commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.errors import UsageError

if TYPE_CHECKING:
    from orchestration.configuration.context import Paths
    from orchestration.configuration.settings import Settings

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="CLOSEDLOOP_CONFIG", help="The configuration; left out: ./closedloop.yml."),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        file_okay=False,
        envvar="CLOSEDLOOP_DATA",
        help="The data folder; left out: data/ beside the configuration.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="The clock in ISO 8601; reporting time zone unless it names one."),
]
Vars = Annotated[str | None, typer.Option("--vars", metavar="YAML", help="Overrides of the vars in dbt_project.yml.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Writes one JSON object to standard output instead of the scoreboard.")
]


class TargetName(StrEnum):
    """The engine that the models run on."""

    DUCKDB = "duckdb"
    SPARK = "spark"


Target = Annotated[TargetName, typer.Option("--target", help="The engine that the models run on.")]


def read_company(config: Path | None, data: Path | None) -> tuple[Settings, Paths]:
    """The settings and folders that `--config` and `--data` lead to."""
    from orchestration.configuration.context import find_paths
    from orchestration.configuration.settings import read_settings

    paths = find_paths(config, data)
    return read_settings(paths.config or Path("closedloop.yml")), paths


def read_time(text: str, time_zone: str) -> datetime:
    """The `--as-of` of a command line, aware and in UTC; `time_zone` is that of a text without one."""
    from zoneinfo import ZoneInfo

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"'{text}' is no time", where="--as-of", fix="write it as 2026-11-24 or 2026-11-24T18:00:00+07:00"
        ) from None
    return (time if time.tzinfo else time.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)


def read_vars(text: str | None) -> dict[str, Any]:
    """The `--vars` of a command line."""
    import yaml

    if text is None:
        return {}
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(
            f"'{text}' is no YAML mapping", where="--vars", fix="write it as --vars '{identity_rounds: 8}'"
        )
    return found


def known_sources(settings: Settings, paths: Paths, names: Sequence[str]) -> tuple[str, ...]:
    """The names, each of which is a source of closedloop.yml; raises UsageError for another one."""
    for name in names:
        if name not in settings.sources:
            raise UsageError(
                f"there is no source '{name}'",
                where=str(paths.config),
                fix=f"configured are: {', '.join(settings.sources) or 'none'}",
            )
    return tuple(names)
