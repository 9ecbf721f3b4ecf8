"""The agreement between marketing and sales: a folder of CSV files, read and checked before anything else runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from orchestration.errors import ConfigurationError
from orchestration.mistakes import in_words, unknown
from orchestration.quality.checks import CHECKS
from orchestration.seed_files import (
    Clock,
    Day,
    Flag,
    Number,
    Row,
    SeedTable,
    Text,
    Whole,
    find_tables,
    read_table,
)
from orchestration.settings import PROJECT_ROOT
from orchestration.sources.base import TimeZone

SHIPPED_AGREEMENT = PROJECT_ROOT / "seeds" / "agreement"

# What a company's agreement has to have; any other file may be left out.
_REQUIRED_FILES = ("agreement_versions", "lifecycle_stages", "stage_criteria")

Stage = Literal["lead", "mql", "sql", "opportunity", "customer", "disqualified", "recycled"]
_PROGRESS = ("lead", "mql", "sql", "opportunity", "customer")  # in order; the others are exits

Team = Literal["marketing", "sales"]
Operator = Literal["=", "!=", ">", ">=", "<", "<=", "in", "not in", "is known", "is unknown", "matches"]

_ANCHORS = ("first", "last", "all")
_LATER_ANCHORS = (
    *("lead_creation", "mql", "sql", "opportunity_creation", "close", "others", "decay"),
    *("first_non_direct", "last_non_direct", "first_paid", "last_paid"),
)


class Version(Row):
    """A signed version."""

    KEY: ClassVar = ("version",)

    version: Text
    effective_from: Day = Field(description="the version's first day, in the reporting time zone")
    effective_to: Day | None = Field(description="its last day, included; empty = open")
    marketing_signatory: Text = Field(
        description="who signed for marketing; a version counts once both teams signed it"
    )
    sales_signatory: Text = Field(description="who signed for sales; a version counts once both teams signed it")
    signed_on: Day = Field(description="the day on which the second team signed")
    content_hash: Text | None = None
    summary: Text | None

    @field_validator("effective_to")
    @classmethod
    def _ends_after_it_starts(cls, effective_to: date | None, info: ValidationInfo) -> date | None:
        if effective_to and effective_to.year == date.max.year:
            return None  # how some write "open"
        start = info.data.get("effective_from")
        if effective_to and start and effective_to < start:
            raise ValueError(f"found {effective_to}, which is before effective_from ({start})")
        return effective_to


class LifecycleStage(Row):
    """A stage of the lifecycle."""

    KEY: ClassVar = ("stage",)

    stage: Stage
    rank: Whole = Field(description="the stage's place in the order, 1 = the first")
    owner_team: Team
    label_en: Text
    label_id: Text


class Criterion(Row):
    """One criterion of one stage in one version."""

    KEY: ClassVar = ("version", "stage", "alternative", "criterion")

    version: Text
    stage: Literal["lead", "mql", "sql"] = Field(
        description="a stage that is judged; opportunity and customer are facts, disqualified and recycled claims"
    )
    alternative: Text = Field(description="a name; the stage is reached when all criteria of one alternative hold")
    criterion: Text
    kind: Literal["attribute", "event", "score", "activity", "claim"]
    field: Text = Field(description="for a claim, the stage that the CRM claims")
    operator: Operator | None
    value: Text | None
    within_days: Whole | None = None
    aggregate: Text | None = None
    where_field: Text | None = None
    where_operator: Operator | None = None
    where_value: Text | None = None
    label_en: Text
    label_id: Text

    @field_validator("kind")
    @classmethod
    def _is_evaluated(cls, kind: str) -> str:
        if kind != "claim":
            raise ValueError(
                f"found '{kind}', a kind of criterion that is not evaluated yet; "
                "allowed: claim, with one of our stages as field, which holds from the CRM's first claim of it"
            )
        return kind

    @field_validator("field")
    @classmethod
    def _names_a_stage(cls, claimed: str) -> str:
        if claimed not in get_args(Stage):
            raise ValueError(unknown("stage", claimed, get_args(Stage)))
        return claimed

    @field_validator("operator", "value", "within_days", "aggregate", "where_field", "where_operator", "where_value")
    @classmethod
    def _is_empty_for_a_claim(cls, found: Any) -> Any:
        if found is not None:
            raise ValueError(f"found '{found}'; a claim holds by its field alone: leave the cell empty")
        return found


class ScoringRule(Row):
    """Points for a fact."""

    KEY: ClassVar = ("version", "rule")

    version: Text
    rule: Text
    kind: Literal["attribute", "event", "activity"]
    field: Text
    operator: Operator | None
    value: Text | None
    where_field: Text | None = None
    where_operator: Operator | None = None
    where_value: Text | None = None
    points: Number
    expires_after_days: Whole | None = None


class ServiceLevel(Row):
    """A promise of one team to the other."""

    KEY: ClassVar = ("version", "promise")

    version: Text
    promise: Text
    team: Team = Field(description="the team that promises")
    metric: Literal["accepted_mqls", "hours_to_first_follow_up", "follow_up_within_promise"]
    operator: Literal["=", ">", ">=", "<", "<="]
    target: Number
    unit: Literal["count", "share", "hours", "working_hours"]
    period: Literal["week", "month", "quarter"]


class QualityCheck(Row):
    """What a failing check of the gate does."""

    KEY: ClassVar = ("check",)

    check: Text
    severity: Literal["block", "warn"] = Field(description="block stops the publication, warn only tells")
    tolerance: Annotated[Number, Field(ge=0, le=1)] | None = Field(default=None, description="a share, as 0.2")
    unit: Literal["share"] | None

    @field_validator("check")
    @classmethod
    def _is_known(cls, check: str) -> str:
        if check not in CHECKS:
            raise ValueError(unknown("check", check, CHECKS))
        return check


class Term(Row):
    """A term of how results are counted."""

    KEY: ClassVar = ("version", "term")

    version: Text
    term: Literal[
        "attribution_model",
        "attribution_scope",
        "lookback_days",
        "half_life_days",
        "accept_within_days",
        "max_days_before_conversion",
    ]
    value: Text | None

    @field_validator("value")
    @classmethod
    def _fits_the_term(cls, found: str | None, info: ValidationInfo) -> str | None:
        term = info.data.get("term")
        if found is None:
            if term == "max_days_before_conversion":
                return None
            raise ValueError("the cell is empty; leave out the line for the default")
        if wanted := _TERM_VALUES.get(str(term)):
            try:
                return str(wanted.validate_python(found))
            except ValidationError as error:
                raise ValueError(f"{in_words(error.errors(include_url=False)[0])}, for {term}") from None
        return found


_Days = Annotated[Whole, Field(ge=0)]
_Scope = Literal["deal_contacts", "account"]
_TERM_VALUES: dict[str, TypeAdapter[Any]] = {
    "attribution_scope": TypeAdapter(_Scope),
    "lookback_days": TypeAdapter(_Days),
    "half_life_days": TypeAdapter(Annotated[Number, Field(gt=0)]),
    "accept_within_days": TypeAdapter(_Days),
    "max_days_before_conversion": TypeAdapter(_Days),
}


class ModelAnchor(Row):
    """One anchor of one attribution model."""

    KEY: ClassVar = ("model", "anchor")

    model: Text
    anchor: Text
    share: Annotated[Number, Field(gt=0, le=1)] = Field(description="a part of 1; the shares of a model sum to 1")
    fallback_model: Text | None = None

    @field_validator("anchor")
    @classmethod
    def _is_evaluated(cls, anchor: str) -> str:
        if anchor in _LATER_ANCHORS:
            raise ValueError(f"found '{anchor}', an anchor that is not evaluated yet; allowed: {', '.join(_ANCHORS)}")
        if anchor not in _ANCHORS:
            raise ValueError(unknown("anchor", anchor, _ANCHORS))
        return anchor


class WorkingHours(Row):
    """Hours of a weekday in which a clock runs; a day with a break has two rows."""

    KEY: ClassVar = ("version", "weekday", "opens_at")

    version: Text
    weekday: Annotated[Whole, Field(ge=1, le=7)] = Field(description="1 = Monday to 7 = Sunday")
    opens_at: Clock
    closes_at: Clock
    time_zone: TimeZone

    @field_validator("closes_at")
    @classmethod
    def _closes_after_it_opens(cls, closes_at: str, info: ValidationInfo) -> str:
        opens_at = info.data.get("opens_at")
        if opens_at and closes_at <= opens_at:
            raise ValueError(f"found '{closes_at}', which is not after opens_at ({opens_at})")
        return closes_at


class Holiday(Row):
    """A day on which no clock runs."""

    KEY: ClassVar = ("date", "country")

    date: Day
    name: Text
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = Field(description="ISO 3166 alpha-2, such as ID")


class DisqualificationReason(Row):
    """A reason that sales may give."""

    KEY: ClassVar = ("reason",)

    reason: Text
    returns_to_marketing: Flag
    label_en: Text
    label_id: Text


@dataclass(frozen=True)
class Agreement:
    """The files of an agreement; what the company leaves out is as shipped, for each of its versions."""

    agreement_versions: SeedTable[Version]
    lifecycle_stages: SeedTable[LifecycleStage]
    stage_criteria: SeedTable[Criterion]
    scoring_rules: SeedTable[ScoringRule]
    service_levels: SeedTable[ServiceLevel]
    quality_checks: SeedTable[QualityCheck]
    agreement_terms: SeedTable[Term]
    attribution_models: SeedTable[ModelAnchor]
    working_hours: SeedTable[WorkingHours]
    holidays: SeedTable[Holiday]
    disqualification_reasons: SeedTable[DisqualificationReason]

    @property
    def versions(self) -> list[Version]:
        """The versions in the order of their days."""
        return sorted(self.agreement_versions.rows, key=lambda version: version.effective_from)

    def tables(self) -> Iterator[tuple[str, SeedTable[Any]]]:
        """Each file's name (without .csv) and its rows."""
        for named in fields(self):
            yield named.name, getattr(self, named.name)


AGREEMENT_FILES: dict[str, type[Row]] = {
    "agreement_versions": Version,
    "lifecycle_stages": LifecycleStage,
    "stage_criteria": Criterion,
    "scoring_rules": ScoringRule,
    "service_levels": ServiceLevel,
    "quality_checks": QualityCheck,
    "agreement_terms": Term,
    "attribution_models": ModelAnchor,
    "working_hours": WorkingHours,
    "holidays": Holiday,
    "disqualification_reasons": DisqualificationReason,
}


def read_agreement(folder: Path | None) -> Agreement:
    """The company's agreement over the shipped one (`None`: the shipped one), checked.

    Raises ConfigurationError for the first mistake, with file, line, column, what was found and what is allowed.
    """
    shipped = _read_folder(SHIPPED_AGREEMENT)
    if folder is None:
        tables = shipped
    else:
        company = _read_folder(folder)
        for name in _REQUIRED_FILES:
            if name not in company:
                raise ConfigurationError(
                    f"the agreement lacks {name}.csv",
                    where=str(folder),
                    fix=f"write it, or copy it from {SHIPPED_AGREEMENT}; "
                    f"only {', '.join(f'{required}.csv' for required in _REQUIRED_FILES)} may not be left out",
                )
        versions = [row.version for row in company["agreement_versions"].rows]
        left_out = {name: _for_versions(name, shipped, versions) for name in AGREEMENT_FILES if name not in company}
        tables = company | left_out
        tables["quality_checks"] = _with_shipped_checks(tables["quality_checks"], shipped["quality_checks"])
    agreement = Agreement(**tables)
    _check_versions(agreement)
    _check_stages(agreement)
    _check_models(agreement)
    return agreement


def version_windows(agreement: Agreement, time_zone: str) -> list[tuple[str, datetime, datetime]]:
    """Each version with the time in which it governs, in order: from its start to its excluded end, both naive UTC.

    Days are of `time_zone` (the reporting one). The first version governs all time before it as well, and an open one
    never ends.
    """
    zone = ZoneInfo(time_zone)

    def starts_at(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    return [
        (
            version.version,
            starts_at(version.effective_from) if number else datetime(1900, 1, 1),
            starts_at(version.effective_to + timedelta(days=1)) if version.effective_to else datetime(9999, 12, 31),
        )
        for number, version in enumerate(agreement.versions)
    ]


def _read_folder(folder: Path) -> dict[str, SeedTable[Any]]:
    return {
        name: read_table(path, AGREEMENT_FILES[name]) for name, path in find_tables(folder, AGREEMENT_FILES).items()
    }


def _for_versions(name: str, shipped: dict[str, SeedTable[Any]], versions: list[str]) -> SeedTable[Any]:
    """A shipped file that the company left out: its latest version's rows, once for each of the company's versions."""
    table = shipped[name]
    if "version" not in AGREEMENT_FILES[name].model_fields:
        return table
    latest = max(shipped["agreement_versions"].rows, key=lambda row: row.effective_from).version
    pairs = [
        (line, row.model_copy(update={"version": version}))
        for version in versions
        for line, row in table.numbered()
        if row.version == latest
    ]
    return SeedTable(tuple(row for _, row in pairs), table.path, tuple(line for line, _ in pairs))


def _with_shipped_checks(own: SeedTable[QualityCheck], shipped: SeedTable[QualityCheck]) -> SeedTable[QualityCheck]:
    """The company's reactions; a check that it does not name, such as one of a later release, reacts as shipped."""
    named = {row.check for row in own.rows}
    pairs = [*own.numbered(), *((line, row) for line, row in shipped.numbered() if row.check not in named)]
    return SeedTable(tuple(row for _, row in pairs), own.path, tuple(line for line, _ in pairs))


def _check_versions(agreement: Agreement) -> None:
    """Versions follow each other day by day, and every other file speaks of these only."""
    table = agreement.agreement_versions
    if not table.rows:
        raise table.mistake("the file has no version", fix="write a line for the version that both teams signed")
    in_order = sorted(table.numbered(), key=lambda numbered: numbered[1].effective_from)
    for (_, before), (line, version) in pairwise(in_order):
        if before.effective_to is None or before.effective_to >= version.effective_from:
            raise table.mistake(
                f"version {version.version} starts on {version.effective_from}, "
                f"while version {before.version} still governs",
                line=line,
                column="effective_from",
                fix=f"end version {before.version} with effective_to {version.effective_from - timedelta(days=1)}",
            )
        if version.effective_from - before.effective_to > timedelta(days=1):
            raise table.mistake(
                f"no version governs the days between {before.effective_to} and {version.effective_from}",
                line=line,
                column="effective_from",
                fix=f"start version {version.version} on {before.effective_to + timedelta(days=1)}",
            )
    versions = [version.version for _, version in in_order]
    for _, other in agreement.tables():
        for line, row in other.numbered():
            if "version" in type(row).model_fields and row.version not in versions:
                raise other.mistake(
                    unknown("version", row.version, versions),
                    line=line,
                    column="version",
                    fix="correct it, or add the version to agreement_versions.csv",
                )


def _check_stages(agreement: Agreement) -> None:
    """All stages are there and in order, and none is judged whose predecessor cannot be reached."""
    table = agreement.lifecycle_stages
    ranks: dict[str, tuple[int, int]] = {row.stage: (row.rank, line) for line, row in table.numbered()}
    if missing := [stage for stage in get_args(Stage) if stage not in ranks]:
        raise table.mistake(
            f"the file lacks {', '.join(missing)}",
            column="stage",
            fix="write a line for each stage; one that you do not use has no criteria",
        )
    for before, stage in pairwise(_PROGRESS):
        if ranks[stage][0] <= ranks[before][0]:
            raise table.mistake(
                f"found rank {ranks[stage][0]} for {stage}, which comes after {before} (rank {ranks[before][0]})",
                line=ranks[stage][1],
                column="rank",
                fix=f"number the stages in this order: {', '.join(_PROGRESS)}",
            )
    judged: dict[str, set[str]] = defaultdict(set)
    for row in agreement.stage_criteria.rows:
        judged[row.version].add(row.stage)
    for line, row in agreement.stage_criteria.numbered():
        if row.stage == "sql" and "mql" not in judged[row.version]:
            raise agreement.stage_criteria.mistake(
                f"version {row.version} says when a lead is an sql and not when it is an mql, so nobody becomes either",
                line=line,
                column="stage",
                fix="write a criterion for mql as well, e.g. a claim of the same stage",
            )


def _check_models(agreement: Agreement) -> None:
    """Shares sum to 1, fallbacks lead somewhere, and the agreed model is one of them."""
    table = agreement.attribution_models
    shares: dict[str, Decimal] = defaultdict(Decimal)
    last_line: dict[str, int] = {}
    fallbacks: dict[str, str] = {}
    for line, row in table.numbered():
        shares[row.model] += row.share
        last_line[row.model] = line
        if row.fallback_model:
            fallbacks[row.model] = row.fallback_model
    for model, total in shares.items():
        if total != 1:
            raise table.mistake(
                f"the shares of model {model} sum to {total}",
                line=last_line[model],
                column="share",
                fix="correct them so that they sum to 1",
            )
    for line, row in table.numbered():
        if row.fallback_model and row.fallback_model not in shares:
            raise table.mistake(
                unknown("model", row.fallback_model, shares),
                line=line,
                column="fallback_model",
                fix="name a model of this file, or leave the cell empty for linear",
            )
        path = [row.model]
        while (fallback := fallbacks.get(path[-1])) is not None:
            if fallback in path:
                raise table.mistake(
                    f"the fallbacks go round in a circle: {' -> '.join([*path, fallback])}",
                    line=line,
                    column="fallback_model",
                    fix="let the last one fall back on none",
                )
            path.append(fallback)
    terms = agreement.agreement_terms
    agreed = {row.version: (line, str(row.value)) for line, row in terms.numbered() if row.term == "attribution_model"}
    for version in agreement.versions:
        line, model = agreed.get(version.version, (1, "linear"))
        if model not in shares:
            raise terms.mistake(
                f"version {version.version} agrees on attribution model '{model}', which {table.path.name} lacks; "
                f"allowed: {', '.join(shares)}",
                line=line,
                column="value",
                fix=f"name one of these in agreement_terms.csv, or add the model to {table.path}",
            )
