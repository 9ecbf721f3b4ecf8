"""Refuses to build a wheel that could not work: the product is its checkout, with the dbt project in it."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EditableOnly(BuildHookInterface):
    """Lets editable installs pass, and nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Called before the wheel is made."""
        if version != "editable":
            raise RuntimeError(
                "closedloop runs from its checkout, where models, macros and seeds are: "
                "install it with `make run`, or `pip install --editable .`"
            )
