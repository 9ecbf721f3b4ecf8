"""How each kind of mistake in the agreement's folder is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.agreement.folder import read_agreement
from orchestration.errors import ConfigurationError
from tests.unit.agreement.conftest import edit

REQUIRED = ("agreement_versions", "lifecycle_stages", "stage_criteria")


# file, what is replaced, by what, the line and column of the answer, and what it says
MISTAKES = {
    "overlap": (
        *("agreement_versions", "2025-12-31", "2026-01-15", 3, "effective_from"),
        ["version 2 starts on 2026-01-01, while version 1 still governs", "2025-12-31"],
    ),
    "two open versions": (
        *("agreement_versions", "2025-12-31", "", 3, "effective_from"),
        ["version 1 still governs", "effective_to 2025-12-31"],
    ),
    "gap": (
        *("agreement_versions", "2025-12-31", "2025-12-01", 3, "effective_from"),
        ["no version governs the days between 2025-12-01 and 2026-01-01", "start version 2 on 2025-12-02"],
    ),
    "ends before it starts": (
        *("agreement_versions", "2025-12-31", "2024-12-31", 2, "effective_to"),
        ["found 2024-12-31, which is before effective_from"],
    ),
    "signature of sales missing": (
        *("agreement_versions", "Ayu,Bima,2025", "Ayu,,2025", 3, "sales_signatory"),
        ["the cell is empty", "both teams signed"],
    ),
    "signature of marketing missing": (
        *("agreement_versions", "Ayu,Bima,2024", ",Bima,2024", 2, "marketing_signatory"),
        ["the cell is empty", "who signed for marketing"],
    ),
    "month first": ("agreement_versions", "2025-12-31", "12/31/2025", 2, "effective_to", ["'12/31/2025'", "day/month"]),
    "year of two digits": ("agreement_versions", "2025-12-31", "31/12/25", 2, "effective_to", ["2026-01-31 or 31/01"]),
    "version twice": (
        "agreement_versions",
        "2,2026",
        "1,2026",
        3,
        "version",
        ["version 1: is there already, in line 2"],
    ),
    "unknown version": ("agreement_terms", "2,lookback", "3,lookback", 10, "version", ["unknown version '3'", "1, 2"]),
    "unknown stage": (
        "lifecycle_stages",
        "customer,5",
        "client,5",
        6,
        "stage",
        ["found 'client'; allowed: 'lead', 'mql'"],
    ),
    "stage missing": (
        "lifecycle_stages",
        "recycled,7,marketing,Returned to marketing,Dikembalikan ke marketing,true\n",
        "",
        1,
        "stage",
        ["the file lacks recycled"],
    ),
    "stages out of order": (
        "lifecycle_stages",
        "sql,3",
        "sql,1",
        4,
        "rank",
        ["found rank 1 for sql", "lead, mql, sql"],
    ),
    "rank in words": ("lifecycle_stages", "sql,3", "sql,third", 4, "rank", ["found 'third'; allowed: a whole number"]),
    "unknown team": ("lifecycle_stages", "3,sales", "3,selling", 4, "owner_team", ["allowed: 'marketing' or 'sales'"]),
    "fact with criteria": ("stage_criteria", "1,sql", "1,customer", 3, "stage", ["allowed: 'lead', 'mql' or 'sql'"]),
    "unknown kind": ("stage_criteria", "claim,mql", "clame,mql", 2, "kind", ["found 'clame'; allowed: 'attribute', "]),
    "kind of later": (
        *("stage_criteria", "claim,sql", "event,sql", 3, "kind"),
        ["found 'event', a kind of criterion that is not evaluated yet; allowed: claim, with one of our stages as"],
    ),
    "claim of no stage": ("stage_criteria", "claim,sql", "claim,sqll", 3, "field", ["'sqll', did you mean 'sql'?"]),
    "claim with an operator": ("stage_criteria", "claim,sql,", "claim,sql,=", 3, "operator", ["leave the cell empty"]),
    "sql without mql": (
        *("stage_criteria", "1,mql,crm,claimed,claim,mql,,,,,,,,The CRM says MQL,CRM menyatakan MQL\n", ""),
        *(2, "stage", ["version 1 says when a lead is an sql and not when it is an mql"]),
    ),
    "criterion twice": ("stage_criteria", "1,sql", "1,mql", 3, "criterion", ["is there already, in line 2"]),
    "unknown operator of a rule": (
        *("scoring_rules", "expires_after_days\n", "expires_after_days\n1,r,event,demo,is,1,,,,5,\n"),
        *(2, "operator", ["found 'is'; allowed: '='"]),
    ),
    "unknown metric": ("service_levels", "accepted_mqls", "nice_mqls", 2, "metric", ["allowed: 'accepted_mqls'"]),
    "unknown unit": ("service_levels", "24,hours", "24,hrs", 3, "unit", ["found 'hrs'", "'working_hours'"]),
    "unknown check": ("quality_checks", "stage_order", "stage_odrer", 2, "check", ["did you mean 'stage_order'?"]),
    "unknown severity": (
        "quality_checks",
        "stage_order,warn",
        "stage_order,stop",
        2,
        "severity",
        ["'block' or 'warn'"],
    ),
    "tolerance in percent": (
        "quality_checks",
        "0.2",
        "20",
        6,
        "tolerance",
        ["found '20'; allowed: less than or equal to 1"],
    ),
    "unknown term": (
        "agreement_terms",
        "lookback_days",
        "look_back_days",
        4,
        "term",
        ["found 'look_back_days'; allowed:"],
    ),
    "term of another type": (
        "agreement_terms",
        "1,lookback_days,90",
        "1,lookback_days,quarter",
        4,
        "value",
        ["'quarter'"],
    ),
    "fraction of a day": (
        "agreement_terms",
        "1,lookback_days,90",
        '1,lookback_days,"1,5"',
        4,
        "value",
        ["whole number"],
    ),
    "negative days": (
        "agreement_terms",
        "1,lookback_days,90",
        "1,lookback_days,-1",
        4,
        "value",
        ["greater than or equal"],
    ),
    "empty term": ("agreement_terms", "1,lookback_days,90", "1,lookback_days,", 4, "value", ["the cell is empty"]),
    "unknown scope": (
        "agreement_terms",
        "1,attribution_scope,deal_contacts",
        "1,attribution_scope,deal",
        3,
        "value",
        ["found 'deal'; allowed: 'deal_contacts' or 'account'"],
    ),
    "agreed model that is none": (
        *("agreement_terms", "2,attribution_model,w_shaped", "2,attribution_model,z_shaped", 8, "value"),
        ["version 2 agrees on attribution model 'z_shaped'", "allowed: first_touch, last_touch, first_non_direct"],
    ),
    "shares that do not sum to 1": (
        *("attribution_models", "all,1,", "all,0.9,", 8, "share"),
        ["the shares of model linear sum to 0.9"],
    ),
    "share of more than 1": ("attribution_models", "all,1,", "all,2,", 8, "share", ["found '2'", "a part of 1"]),
    "unknown anchor": (
        "attribution_models",
        "last,1",
        "lst,1",
        3,
        "anchor",
        ["'lst', did you mean 'last'? allowed: first"],
    ),
    "unknown fallback": (
        "attribution_models",
        "last,1,",
        "last,1,lineal",
        3,
        "fallback_model",
        ["did you mean 'linear'?"],
    ),
    "two fallbacks of one model": (
        *("attribution_models", "u_shaped,lead_creation,0.4,", "u_shaped,lead_creation,0.4,linear"),
        *(14, "fallback_model"),
        ["model u_shaped falls back on linear here and on none in line 13"],
    ),
    "fallbacks without end": (
        "attribution_models",
        "linear,all,1,",
        "linear,all,1,f1\n" + "".join(f"f{n},all,1,f{n + 1}\n" for n in range(1, 6)) + "f6,all,1,",
        8,
        "fallback_model",
        ["linear -> f1 -> f2 -> f3 -> f4 -> f5 -> f6: more than 5 fallbacks"],
    ),
    "fallback on itself": (
        *("attribution_models", "last,1,", "last,1,last_touch", 3, "fallback_model"),
        ["in a circle: last_touch -> last_touch"],
    ),
    "day of the week": (
        "working_hours",
        "1,5,09",
        "1,8,09",
        6,
        "weekday",
        ["found '8'; allowed: less than or equal to 7"],
    ),
    "hours the wrong way round": ("working_hours", "18:00", "08:00", 2, "closes_at", ["not after opens_at (09:00)"]),
    "no time of day": ("working_hours", "09:00", "9", 2, "opens_at", ["found '9'; allowed: a time of day"]),
    "unknown zone": ("working_hours", "Asia/Jakarta", "WIB", 2, "time_zone", ["unknown time zone 'WIB'"]),
    "country in words": ("holidays", "Masehi,ID", "Masehi,Indonesia", 2, "country", ["'Indonesia'", "such as ID"]),
    "neither yes nor no": (
        "disqualification_reasons",
        "spam,false",
        "spam,never",
        11,
        "returns_to_marketing",
        ["'never'"],
    ),
    "misspelt column": ("holidays", "date,name", "day,name", 1, "day", ["unknown column 'day'", "date, name, country"]),
    "column missing": ("holidays", "date,name,country", "date,name", 1, "country", ["the header lacks country"]),
    "column twice": ("holidays", "date,name", "date,date", 1, "date", ["the column stands there twice"]),
    "unquoted comma": (
        "attribution_models",
        "all,1,",
        "all,0,5,,x",
        8,
        None,
        ["the line has 6 cells and the header 4"],
    ),
    "quote left open": ("holidays", "Tahun Baru Masehi,ID\n2025-01-27", '"Tahun Baru', 2, None, ["the line is no CSV"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_with_file_line_column_and_what_is_allowed(company: Path, name: str) -> None:
    file, old, new, line, column, sayings = MISTAKES[name]
    edit(company, file, old, new)
    with pytest.raises(ConfigurationError) as caught:
        read_agreement(company)
    mistake = caught.value
    place = f"{company / file}.csv, line {line}" + (f", column {column}" if column else "")
    assert mistake.where == place
    for saying in sayings:
        assert saying in f"{mistake.what}; {mistake.fix}"


def test_the_company_above_has_no_mistake(company: Path) -> None:
    assert len(read_agreement(company).versions) == 2


@pytest.mark.parametrize("name", REQUIRED)
def test_a_file_that_may_not_be_left_out_is_asked_for(company: Path, name: str) -> None:
    (company / f"{name}.csv").unlink()
    with pytest.raises(ConfigurationError, match=f"the agreement lacks {name}.csv"):
        read_agreement(company)


@pytest.mark.parametrize("file", ["working_hour.csv", "holidays.xlsx", "old"])
def test_a_file_that_nobody_reads_is_told(company: Path, file: str) -> None:
    (company / file).write_text("x")
    with pytest.raises(ConfigurationError, match=f"unknown file '{file}'.* allowed: agreement_versions.csv"):
        read_agreement(company)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the folder cannot be read"):
        read_agreement(tmp_path / "nowhere")


def test_an_agreement_without_any_version_is_told(company: Path) -> None:
    header = (company / "agreement_versions.csv").read_text().splitlines()[0]
    (company / "agreement_versions.csv").write_text(header)
    with pytest.raises(ConfigurationError, match="the file has no version"):
        read_agreement(company)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_told(company: Path, encoding: str) -> None:
    edit(company, "agreement_versions", "Bima", "Bimé")
    file = company / "agreement_versions.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    with pytest.raises(ConfigurationError, match="the file is not UTF-8"):
        read_agreement(company)


def test_the_line_of_a_mistake_counts_quoted_line_ends_and_empty_lines(company: Path) -> None:
    edit(company, "agreement_versions", "The first\n", '"The first\n\nof all"\n;\n\n'.replace(";\n", ""))
    edit(company, "agreement_versions", "2025-12-20", "soon")
    with pytest.raises(ConfigurationError, match=r"line 6, column signed_on: found 'soon'"):
        read_agreement(company)
