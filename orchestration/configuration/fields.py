"""What settings of every kind are made of."""

from __future__ import annotations

import functools
import re
import zoneinfo
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class StrictModel(BaseModel):
    """Settings in which a misspelt field is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# The names are read from a few hundred files.
_time_zones = functools.cache(zoneinfo.available_timezones)


def _known_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"unknown time zone '{name}'; allowed: an IANA name such as Asia/Jakarta")
    return name


def _currency_code(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"'{code}' is no ISO 4217 currency; allowed: three capitals such as IDR")
    return code


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Currency = Annotated[str, AfterValidator(_currency_code)]
