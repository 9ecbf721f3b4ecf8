"""What has to hold between the rows and the files of an agreement."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from orchestration.agreement.agreement import Agreement
from orchestration.agreement.stages import PROGRESS, STAGES
from orchestration.configuration.mistakes import unknown

# As many as the models try in turn (int_attribution_evaluated_models).
MOST_FALLBACKS = 5


def check_versions(agreement: Agreement) -> None:
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


def check_stages(agreement: Agreement) -> None:
    """All stages are there and in order, and none is judged whose predecessor cannot be reached."""
    table = agreement.lifecycle_stages
    ranks: dict[str, tuple[int, int]] = {row.stage: (row.rank, line) for line, row in table.numbered()}
    if missing := [stage for stage in STAGES if stage not in ranks]:
        raise table.mistake(
            f"the file lacks {', '.join(missing)}",
            column="stage",
            fix="write a line for each stage; one that you do not use has no criteria",
        )
    for before, stage in pairwise(PROGRESS):
        if ranks[stage][0] <= ranks[before][0]:
            raise table.mistake(
                f"found rank {ranks[stage][0]} for {stage}, which comes after {before} (rank {ranks[before][0]})",
                line=ranks[stage][1],
                column="rank",
                fix=f"number the stages in this order: {', '.join(PROGRESS)}",
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


def check_models(agreement: Agreement) -> None:
    """Shares sum to 1, fallbacks lead somewhere, and the agreed model is one of them."""
    table = agreement.attribution_models
    shares: dict[str, Decimal] = defaultdict(Decimal)
    last_line: dict[str, int] = {}
    fallbacks: dict[str, tuple[str | None, int]] = {}
    for line, row in table.numbered():
        shares[row.model] += row.share
        last_line[row.model] = line
        named, first_line = fallbacks.setdefault(row.model, (row.fallback_model, line))
        if row.fallback_model != named:
            raise table.mistake(
                f"model {row.model} falls back on {row.fallback_model or 'none'} here and on {named or 'none'} in line "
                f"{first_line}",
                line=line,
                column="fallback_model",
                fix="name the same model in all rows of the model",
            )
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
        while fallback := fallbacks.get(path[-1], (None, 0))[0]:
            way = " -> ".join([*path, fallback])
            if fallback in path:
                raise table.mistake(
                    f"the fallbacks go round in a circle: {way}",
                    line=line,
                    column="fallback_model",
                    fix="let the last one fall back on none",
                )
            if len(path) > MOST_FALLBACKS:
                raise table.mistake(
                    f"{way}: more than {MOST_FALLBACKS} fallbacks in a row",
                    line=line,
                    column="fallback_model",
                    fix="let it fall back on a model that every path can have, such as first_touch",
                )
            path.append(fallback)
    terms = agreement.agreement_terms
    agreed = {row.version: (line, str(row.value)) for line, row in terms.numbered() if row.term == "attribution_model"}
    for version in agreement.versions:
        line, model = agreed[version.version]
        if model not in shares:
            raise terms.mistake(
                f"version {version.version} agrees on attribution model '{model}', which {table.path.name} lacks; "
                f"allowed: {', '.join(shares)}",
                line=line,
                column="value",
                fix=f"name one of these in agreement_terms.csv, or add the model to {table.path}",
            )
