"""One entity from one file, as it will stand in `closedloop.yml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from orchestration.proposal.profile import Column, FileProfile

Place = tuple[str, ...]  # where a remark stands: ("formats", "created_at")
Value = str | bool | None


@dataclass
class Entry:
    """One entity from one file, as it will stand in `closedloop.yml`."""

    entity: str
    file: FileProfile
    columns: dict[str, str]
    formats: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    constants: dict[str, str | bool] = field(default_factory=dict)
    where: str | None = None
    unsure: dict[Place, str] = field(default_factory=dict)
    # columns whose texts fit several notations, so that another file of the series may say which
    open_notations: set[str] = field(default_factory=set)
    # a column's values that are none of ours yet
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    in_utc: str = ""  # why its times are in UTC, where it does not say so itself
    ids: str = ""  # "by_file" where its key is a number that each file gives anew
    platform: str = ""  # the ad platform that it is of
    glob: str = ""  # the pattern of its name, where it stands for a series of files
    series: tuple[FileProfile, ...] = ()  # all of them, then

    @property
    def path(self) -> Path:
        """The file, or the pattern of a series."""
        return self.file.path.with_name(self.glob) if self.glob else self.file.path

    def used(self) -> set[str]:
        return set(self.columns.values())

    def column(self, name: str) -> Column | None:
        """What is known of the file's column that is mapped to this canonical one."""
        return self.file.columns.get(self.columns.get(name, ""))
