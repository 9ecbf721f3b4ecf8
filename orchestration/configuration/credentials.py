"""Secrets: from the environment, else from `.env` beside the configuration; never from a file that is shared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from orchestration.configuration.context import Paths


class Secrets(BaseSettings):
    """Every secret there is, by the name of its variable; an empty one counts as not given."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    # keys the hashes of e-mails and phones; without it a key is made in the data folder
    identifier_key: SecretStr | None = Field(default=None, validation_alias="CLOSEDLOOP_IDENTIFIER_KEY")


def read_secrets(paths: Paths) -> Secrets:
    """The secrets of the environment, then of `.env` beside `closedloop.yml` (without one: in the current folder)."""
    folder = paths.config.parent if paths.config else Path.cwd()
    return Secrets(_env_file=folder / ".env", _env_file_encoding="utf-8-sig")
