"""The agreement between marketing and sales: reading its folder and holding it to its own rules.

A company's folder stands over the shipped one (`seeds/agreement/`), file by file. Every mistake is a
ConfigurationError that names file, line and column, what was found and what is allowed.
"""

from __future__ import annotations

import csv
import io
import re
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from orchestration.errors import ConfigurationError
from orchestration.settings import PROJECT_ROOT

SHIPPED_FOLDER = PROJECT_ROOT / "seeds" / "agreement"

Stage = Literal["lead", "mql", "sql", "opportunity", "customer", "disqualified", "recycled"]
STAGES: tuple[str, ...] = get_args(Stage)

# The checks of the gate, and so what quality_checks.csv may name.
CheckName = Literal[
    "stage_order",
    "won_revenue_attributed_exactly",
    "staging_reconciliation",
    "deals_joined_to_leads",
    "table_shrank",
    "unknown_stage",
]
CHECKS: tuple[str, ...] = get_args(CheckName)

# The first version governs all time before it, an open one all time to come.
BEGINNING_OF_TIME = datetime(1900, 1, 1)
END_OF_TIME = datetime(9999, 12, 31)


def _date_from_text(text: Any) -> Any:
    """ISO, or day/month/year as Excel writes it in Indonesia."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)):
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return text


def _number_from_text(text: Any) -> Any:
    """A decimal point, or a decimal comma as Excel writes it in Indonesia."""
    return text.replace(",", ".") if isinstance(text, str) else text


def _hour_of_day(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError:
        raise ValueError("not a time of day; allowed: hours and minutes such as 09:00") from None
    return text


def _time_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError("not a time zone; allowed: an IANA name such as Asia/Jakarta")
    return name


Day = Annotated[date, BeforeValidator(_date_from_text)]
Number = Annotated[Decimal, BeforeValidator(_number_from_text)]
HourOfDay = Annotated[str, AfterValidator(_hour_of_day)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Team = Literal["marketing", "sales", "both"]
Operator = Literal["=", "!=", ">", ">=", "<", "<=", "in", "not in", "is known", "is unknown", "matches"]
Kind = Literal["attribute", "event", "score", "activity", "claim"]


class _Row(BaseModel):
    """A line of a file; empty cells take the default, and a field without one has to be filled."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Version(_Row):
    version: str
    effective_from: Day
    effective_to: Day | None = None
    marketing_signatory: str
    sales_signatory: str
    signed_on: Day
    content_hash: str | None = None
    summary: str | None = None


class LifecycleStage(_Row):
    stage: Stage
    rank: int
    owner_team: Team
    label_en: str
    label_id: str


class StageCriterion(_Row):
    version: str
    stage: Literal["lead", "mql", "sql"]
    alternative: str
    criterion: str
    kind: Kind
    field: str
    operator: Operator | None = None
    value: str | None = None
    within_days: int | None = Field(default=None, ge=1)
    aggregate: str | None = None
    where_field: str | None = None
    where_operator: Operator | None = None
    where_value: str | None = None
    label_en: str
    label_id: str


class ScoringRule(_Row):
    version: str
    rule: str
    kind: Literal["attribute", "event", "activity"]
    field: str
    operator: Operator | None = None
    value: str | None = None
    where_field: str | None = None
    where_operator: Operator | None = None
    where_value: str | None = None
    points: Number
    expires_after_days: int | None = Field(default=None, ge=1)


class ServiceLevel(_Row):
    version: str
    promise: str
    team: Team
    metric: str
    operator: Literal[">", ">=", "<", "<=", "="]
    target: Number
    unit: Literal["mqls", "hours", "working_hours", "share"]
    period: Literal["week", "month", "quarter"]


class QualityCheck(_Row):
    check: CheckName
    severity: Literal["block", "warn"]
    tolerance: Annotated[Number | None, Field(ge=0)] = None
    unit: str | None = None


class AgreementTerm(_Row):
    version: str
    term: Literal[
        "attribution_model",
        "attribution_scope",
        "lookback_days",
        "half_life_days",
        "accept_within_days",
        "max_days_before_conversion",
    ]
    value: str


class AttributionAnchor(_Row):
    model: str
    anchor: Literal["first", "last", "all"]
    share: Annotated[Number, Field(gt=0, le=1)]
    fallback_model: str | None = None


class WorkingHours(_Row):
    version: str
    weekday: Annotated[int, Field(ge=1, le=7)]
    opens_at: HourOfDay
    closes_at: HourOfDay
    time_zone: TimeZone


class Holiday(_Row):
    date: Day
    name: str
    country: str


class DisqualificationReason(_Row):
    reason: str
    returns_to_marketing: bool
    label_en: str
    label_id: str


# Each file with the shape of its rows, and what makes one of them unique.
FILES: dict[str, tuple[type[_Row], tuple[str, ...]]] = {
    "agreement_versions": (Version, ("version",)),
    "lifecycle_stages": (LifecycleStage, ("stage",)),
    "stage_criteria": (StageCriterion, ("version", "stage", "alternative", "criterion")),
    "scoring_rules": (ScoringRule, ("version", "rule")),
    "service_levels": (ServiceLevel, ("version", "promise")),
    "quality_checks": (QualityCheck, ("check",)),
    "agreement_terms": (AgreementTerm, ("version", "term")),
    "attribution_models": (AttributionAnchor, ("model", "anchor")),
    "working_hours": (WorkingHours, ("version", "weekday", "opens_at")),
    "holidays": (Holiday, ("date", "country")),
    "disqualification_reasons": (DisqualificationReason, ("reason",)),
}
# A company's folder that has any of these needs all of them: they make sense together only.
REQUIRED_FILES = ("agreement_versions", "lifecycle_stages", "stage_criteria")


@dataclass(frozen=True)
class Line:
    """One row of a file with where it stands."""

    file: Path
    number: int
    row: Any

    def mistake(self, column: str, what: str, fix: str) -> ConfigurationError:
        return ConfigurationError(what, where=f"{self.file}, line {self.number}, column {column}", fix=fix)


@dataclass(frozen=True)
class Agreement:
    """A validated agreement: the lines of each file, by the file's name without its ending."""

    lines: dict[str, list[Line]]

    def rows(self, name: str) -> list[Any]:
        """The rows of a file, as instances of its model in FILES."""
        return [line.row for line in self.lines[name]]


def read_agreement(folder: Path | None) -> Agreement:
    """The agreement of a company's folder over the shipped one; None is the shipped one alone.

    Raises ConfigurationError at the first mistake, with file, line and column.
    """
    if folder is None:
        lines = {name: _read_file(SHIPPED_FOLDER / f"{name}.csv", name) for name in FILES}
    else:
        lines = _read_company_folder(folder)
    agreement = Agreement(lines)
    for rule in _RULES:
        rule(agreement)
    return agreement


def version_windows(agreement: Agreement, time_zone: str) -> list[tuple[str, datetime, datetime]]:
    """(version, starts_at, ends_at) in UTC without zone, `ends_at` excluded, in the order of time.

    Versions change by day in `time_zone`: one ends with the last second of its `effective_to`.
    """
    zone = zoneinfo.ZoneInfo(time_zone)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    versions: list[Version] = sorted(agreement.rows("agreement_versions"), key=lambda version: version.effective_from)
    return [
        (
            version.version,
            BEGINNING_OF_TIME if version is versions[0] else midnight(version.effective_from),
            midnight(version.effective_to + timedelta(days=1)) if version.effective_to else END_OF_TIME,
        )
        for version in versions
    ]


def _read_company_folder(folder: Path) -> dict[str, list[Line]]:
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder",
            where=f"{folder} (agreement: in closedloop.yml)",
            fix="correct the path, or leave `agreement:` out to use the shipped agreement",
        )
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in FILES:
            raise ConfigurationError(
                "a file that the agreement does not know",
                where=str(file),
                fix=f"{_nearest(file.stem, FILES)}allowed: {', '.join(f'{name}.csv' for name in FILES)}",
            )
    present = {name for name in FILES if (folder / f"{name}.csv").exists()}
    for name in REQUIRED_FILES:
        if present and name not in present:
            raise ConfigurationError(
                f"{name}.csv is missing",
                where=str(folder),
                fix=f"copy it from {SHIPPED_FOLDER.relative_to(PROJECT_ROOT)}/ and make it yours",
            )
    lines = {name: _read_file((folder if name in present else SHIPPED_FOLDER) / f"{name}.csv", name) for name in FILES}
    versions = [line.row.version for line in lines["agreement_versions"]]
    for name in FILES:
        if name not in present and present:
            lines[name] = _for_versions(lines[name], versions)
    return lines


def _for_versions(lines: list[Line], versions: list[str]) -> list[Line]:
    """A shipped file's latest version, applied to each of the company's versions."""
    if not lines or "version" not in type(lines[0].row).model_fields:
        return lines
    latest = max(line.row.version for line in lines)
    return [
        Line(line.file, line.number, line.row.model_copy(update={"version": version}))
        for version in versions
        for line in lines
        if line.row.version == latest
    ]


def _read_file(file: Path, name: str) -> list[Line]:
    """The lines of one CSV file: `,` or `;`, UTF-8 with or without BOM."""
    model, key = FILES[name]
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(
            "the file is not UTF-8", where=str(file), fix="save it as CSV UTF-8 (Excel: Save As, CSV UTF-8)"
        ) from None
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    _check_columns(file, model, reader.fieldnames or [])
    lines: list[Line] = []
    seen: dict[tuple[Any, ...], int] = {}
    for cells in reader:
        number = reader.line_num
        if None in cells:
            raise ConfigurationError(
                f"the line has {len(cells[None])} cells more than the header",
                where=f"{file}, line {number}",
                fix="put a value that contains the separator into double quotes",
            )
        filled = {column: cell.strip() for column, cell in cells.items() if cell is not None and cell.strip()}
        if not filled:
            continue
        try:
            row = model.model_validate(filled)
        except ValidationError as error:
            raise _cell_error(file, number, model, error) from None
        identity = tuple(getattr(row, column) for column in key)
        if identity in seen:
            raise ConfigurationError(
                f"the same {', '.join(key)} stands on line {seen[identity]} already ({' / '.join(map(str, identity))})",
                where=f"{file}, line {number}",
                fix="remove one of the two lines, or give it another name",
            )
        seen[identity] = number
        lines.append(Line(file, number, row))
    return lines


def _check_columns(file: Path, model: type[_Row], found: Iterable[str]) -> None:
    found = [column.strip() for column in found]
    for column in found:
        if column not in model.model_fields:
            raise ConfigurationError(
                f"unknown column '{column}'",
                where=f"{file}, line 1",
                fix=f"{_nearest(column, model.model_fields)}allowed: {', '.join(model.model_fields)}",
            )
    for column, field in model.model_fields.items():
        if field.is_required() and column not in found:
            raise ConfigurationError(
                f"column '{column}' is missing",
                where=f"{file}, line 1",
                fix=f"add it; the columns are: {', '.join(model.model_fields)}",
            )


def _cell_error(file: Path, number: int, model: type[_Row], error: ValidationError) -> ConfigurationError:
    first = error.errors()[0]
    column = str(first["loc"][0])
    if first["type"] == "missing":
        what, fix = "the cell is empty", "fill it in"
    elif first["type"] == "literal_error":
        allowed = _literal_values(model.model_fields[column].annotation)
        what = f"found '{first['input']}'"
        fix = f"{_nearest(str(first['input']), allowed)}allowed: {', '.join(allowed)}"
        if column == "anchor":
            fix += " (the anchors that this version evaluates)"
    else:
        what = f"found '{first['input']}'"
        fix = first["msg"].removeprefix("Value error, ")
    return ConfigurationError(what, where=f"{file}, line {number}, column {column}", fix=fix)


def _literal_values(annotation: Any) -> list[str]:
    found = [argument for argument in get_args(annotation) if isinstance(argument, str)]
    for argument in get_args(annotation):
        found += _literal_values(argument)
    return found


def _nearest(found: str, allowed: Iterable[str]) -> str:
    nearest = get_close_matches(found, list(allowed), n=1)
    return f"did you mean '{nearest[0]}'? " if nearest else ""


# Rules that look at more than one cell. ---------------------------------------------------------------------------


def _versions_follow_each_other(agreement: Agreement) -> None:
    lines = sorted(agreement.lines["agreement_versions"], key=lambda line: line.row.effective_from)
    if not lines:
        raise ConfigurationError(
            "no version is signed", where="agreement_versions.csv", fix="add a line with both signatories"
        )
    for line in lines:
        if line.row.effective_to and line.row.effective_to < line.row.effective_from:
            raise line.mistake(
                "effective_to", "the version ends before it begins", "write a later day, or leave it empty"
            )
    for earlier, later in pairwise(lines):
        begins = later.row.effective_from
        ends = earlier.row.effective_to
        if ends is None or ends >= begins:
            raise later.mistake(
                "effective_from",
                f"version {later.row.version} begins on {begins} while version {earlier.row.version} "
                f"holds until {ends or 'further notice'}",
                f"let version {earlier.row.version} end on {begins - timedelta(days=1)}",
            )
        if ends + timedelta(days=1) != begins:
            raise later.mistake(
                "effective_from",
                f"no version governs from {ends + timedelta(days=1)} to {begins - timedelta(days=1)}",
                f"begin on {ends + timedelta(days=1)}, or let version {earlier.row.version} end later",
            )
    if lines[-1].row.effective_to is not None:
        raise lines[-1].mistake(
            "effective_to",
            f"no version governs after {lines[-1].row.effective_to}",
            "leave the last version's effective_to empty, or add the next version",
        )


def _versions_are_known(agreement: Agreement) -> None:
    known = {row.version for row in agreement.rows("agreement_versions")}
    for name, (model, _) in FILES.items():
        if "version" not in model.model_fields:
            continue
        for line in agreement.lines[name]:
            if line.row.version not in known:
                raise line.mistake(
                    "version",
                    f"version '{line.row.version}' is not in agreement_versions.csv",
                    f"allowed: {', '.join(sorted(known))}",
                )


def _stages_are_complete_and_in_order(agreement: Agreement) -> None:
    lines = {line.row.stage: line for line in agreement.lines["lifecycle_stages"]}
    for stage in STAGES:
        if stage not in lines:
            raise ConfigurationError(
                f"stage '{stage}' is missing",
                where=str(next(iter(lines.values())).file) if lines else "lifecycle_stages.csv",
                fix=f"the stages are: {', '.join(STAGES)}",
            )
    ordered = [lines[stage] for stage in STAGES[:5]]
    for earlier, later in pairwise(ordered):
        if later.row.rank <= earlier.row.rank:
            raise later.mistake(
                "rank",
                f"{later.row.stage} ({later.row.rank}) does not come after {earlier.row.stage} ({earlier.row.rank})",
                f"the order is: {', '.join(STAGES[:5])}",
            )


def _criteria_are_evaluated(agreement: Agreement) -> None:
    for line in agreement.lines["stage_criteria"]:
        if line.row.kind != "claim":
            raise line.mistake(
                "kind",
                f"criteria of kind '{line.row.kind}' are not evaluated by this release",
                "write kind claim, with one of our stages as field and operator and value empty",
            )
        if line.row.field not in STAGES:
            raise line.mistake(
                "field",
                f"a claim is about one of our stages, found '{line.row.field}'",
                f"{_nearest(line.row.field, STAGES)}allowed: {', '.join(STAGES)}",
            )
        for column in ("operator", "value", "within_days", "aggregate", "where_field"):
            if getattr(line.row, column) is not None:
                raise line.mistake(column, f"a claim takes no {column}", "leave the cell empty")


def _models_sum_to_one(agreement: Agreement) -> None:
    anchors: dict[str, list[Line]] = {}
    for line in agreement.lines["attribution_models"]:
        anchors.setdefault(line.row.model, []).append(line)
    for model, lines in anchors.items():
        total = sum((line.row.share for line in lines), Decimal())
        if total != 1:
            raise lines[-1].mistake("share", f"the shares of model '{model}' sum to {total}", "let them sum to 1")
        for line in lines:
            if line.row.fallback_model is not None and line.row.fallback_model not in anchors:
                raise line.mistake(
                    "fallback_model",
                    f"unknown model '{line.row.fallback_model}'",
                    f"{_nearest(line.row.fallback_model, anchors)}allowed: {', '.join(anchors)}",
                )


def _terms_have_values(agreement: Agreement) -> None:
    models = {row.model for row in agreement.rows("attribution_models")}
    for line in agreement.lines["agreement_terms"]:
        term, value = line.row.term, line.row.value
        if term == "attribution_model":
            allowed = sorted(models)
        elif term == "attribution_scope":
            allowed = ["deal_contacts", "account"]
        else:
            if not re.fullmatch(r"[1-9]\d*", value):
                raise line.mistake("value", f"found '{value}'", "write a whole number of days, at least 1")
            continue
        if value not in allowed:
            raise line.mistake("value", f"found '{value}'", f"{_nearest(value, allowed)}allowed: {', '.join(allowed)}")


def _days_open_before_they_close(agreement: Agreement) -> None:
    for line in agreement.lines["working_hours"]:
        if time.fromisoformat(line.row.opens_at) >= time.fromisoformat(line.row.closes_at):
            raise line.mistake(
                "closes_at",
                f"the day closes at {line.row.closes_at}, not after it opens at {line.row.opens_at}",
                "write a later hour; a shift over midnight takes two lines",
            )


_RULES: tuple[Callable[[Agreement], None], ...] = (
    _versions_follow_each_other,
    _versions_are_known,
    _stages_are_complete_and_in_order,
    _criteria_are_evaluated,
    _models_sum_to_one,
    _terms_have_values,
    _days_open_before_they_close,
)
