"""The connectors by the name that `closedloop.yml` uses."""

from __future__ import annotations

from orchestration.sources.base import Connector
from orchestration.sources.files import connector as files

CONNECTORS: dict[str, Connector] = {"files": files}
