"""Connectors: one module a source, registered here by the name that `closedloop.yml` uses."""

from __future__ import annotations

from typing import cast

from orchestration.sources import files
from orchestration.sources.base import Connector

CONNECTORS: dict[str, Connector] = {"files": cast("Connector", files)}
