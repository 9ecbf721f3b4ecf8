"""One row of each of the agreement's files, checked by itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from orchestration.agreement.seed_files import Clock, Day, Flag, Number, Row, Text, Whole
from orchestration.agreement.stages import EXITS, STAGES, Stage, Team
from orchestration.configuration.fields import TimeZone
from orchestration.configuration.mistakes import in_words, unknown

Operator = Literal["=", "!=", ">", ">=", "<", "<=", "in", "not in", "is known", "is unknown", "matches"]

ANCHORS = (
    *("first", "last", "lead_creation", "mql", "sql", "opportunity_creation", "close", "others", "all", "decay"),
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
    is_exit: Flag | None = Field(default=None, validate_default=True, description="true for an exit; may be left out")

    @field_validator("is_exit")
    @classmethod
    def _says_what_the_stage_is(cls, given: bool | None, info: ValidationInfo) -> bool:
        is_exit = info.data.get("stage") in EXITS
        if given not in (None, is_exit):
            raise ValueError(f"found '{str(given).lower()}'; the exits are {' and '.join(EXITS)}, and no other stage")
        return is_exit


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
        if claimed not in STAGES:
            raise ValueError(unknown("stage", claimed, STAGES))
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


# What a term is where a version does not name it; None = no limit.
TERM_DEFAULTS: dict[str, str | None] = {
    "attribution_model": "w_shaped",
    "attribution_scope": "deal_contacts",
    "lookback_days": "90",
    "half_life_days": "7",
    "accept_within_days": "14",
    "max_days_before_conversion": None,
}

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
        if anchor not in ANCHORS:
            raise ValueError(unknown("anchor", anchor, ANCHORS))
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
