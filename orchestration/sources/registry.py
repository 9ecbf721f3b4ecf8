"""The connectors by the name that `closedloop.yml` uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from orchestration.sources.base import Connector, raw_table
from orchestration.sources.files import connector as files

CONNECTORS: dict[str, Connector] = {"files": files}


class ConfiguredResource(NamedTuple):
    """A resource that `closedloop.yml` names."""

    source_system: str
    resource: str
    connector: str

    @property
    def raw_table(self) -> str:
        """Where its rows lie, beside those of other sources."""
        return raw_table(self.connector, self.resource)


def configured_resources(sources: Mapping[str, Any]) -> list[ConfiguredResource]:
    """Every resource of the settings of `sources`, by name, in the order of loading."""
    return [
        ConfiguredResource(name, resource, source.connector)
        for name, source in sources.items()
        for resource in CONNECTORS[source.connector].resources(source)
    ]
