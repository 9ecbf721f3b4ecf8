"""The rules by which `closedloop init` reads headers and values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orchestration.configuration.settings import read_settings
from orchestration.errors import ConfigurationError
from orchestration.proposal import write_company_folder
from orchestration.proposal.document import closedloop_yml
from orchestration.proposal.entry import Entry
from orchestration.proposal.matching import Match, match_files
from orchestration.proposal.profile import FileProfile, profile_file
from orchestration.proposal.sources import Source
from orchestration.proposal.surroundings import Surroundings
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.settings import FileResource


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def file_of(folder: Path, name: str, columns: dict[str, list[str]]) -> Path:
    path = folder / name
    lines = zip(*columns.values(), strict=True)
    quoted = [";".join('"' + text.replace('"', '""') + '"' for text in line) for line in [tuple(columns), *lines]]
    path.write_text("\n".join(quoted) + "\n")
    return path


def matched(con: duckdb.DuckDBPyConnection, *paths: Path) -> list[Match | None]:
    with ExitStack() as stack:
        return match_files(con, [profile_file(con, stack, path, path.parent) for path in paths])


def days(count: int = 20, first: date = date(2025, 1, 1), pattern: str = "%Y-%m-%d") -> list[str]:
    return [(first + timedelta(days=number)).strftime(pattern) for number in range(count)]


def ids(prefix: str, count: int = 20) -> list[str]:
    return [f"{prefix}{number * 7:05}" for number in range(count)]


def proposed(folder: Path, *paths: Path) -> dict[str, FileResource]:
    proposal = write_company_folder(folder / "company", paths)
    [source] = read_settings(proposal.config).sources.values()
    resources = {}
    for name, resource in source.resources.items():
        assert isinstance(resource, FileResource)
        resources[name] = resource
    return resources


# --- entities and columns

_TEXTS = {
    Kind.ID: ids("x"),
    Kind.LIST: ids("y"),
    Kind.TEXT: ["one", "two"] * 10,
    Kind.EMAIL: [f"a{number}@example.com" for number in range(20)],
    Kind.PHONE: [f"+62 811 {number:07}" for number in range(20)],
    Kind.EMAIL_HASH: [f"{number:064x}" for number in range(20)],
    Kind.TIME: [f"{day} 10:00:00" for day in days()],
    Kind.DATE: days(),
    Kind.MONEY: [f"{number}.50" for number in range(20)],
    Kind.NUMBER: [f"{number}.5" for number in range(20)],
    Kind.INTEGER: [str(number * 3) for number in range(20)],
    Kind.BOOLEAN: ["true", "false"] * 10,
    Kind.JSON: ['{"a": 1}'] * 20,
    Kind.URL: [f"https://contoh.example/page/{number}" for number in range(20)],
    Kind.IDENTIFIER: ids("z"),
}


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_file_with_our_own_headers_is_that_entity(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, entity: str
) -> None:
    columns = {
        name: ids(name) if kind is Kind.ID else ["IDR"] * 20 if name == "currency" else _TEXTS[kind]
        for name, kind in ENTITIES[entity].columns.items()
    }
    [match] = matched(con, file_of(tmp_path, "file.csv", columns))
    assert match is not None
    assert match.entity.name == entity
    assert match.columns == {name: name for name in columns}


def test_the_column_with_another_files_ids_is_the_reference(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    leads = file_of(
        tmp_path,
        "1.csv",
        {"code": ids("p", 50), "first_contact_date": days(50), "email": _TEXTS[Kind.EMAIL] + ids("", 30)},
    )
    deals = file_of(
        tmp_path, "2.csv", {"a_id": ids("p"), "b_id": ids("q"), "won_date": days(), "revenue": _TEXTS[Kind.MONEY]}
    )
    for paths in ((leads, deals), (deals, leads)):
        by_name = {match.entity.name: match.columns for match in matched(con, *paths) if match}
        assert by_name["deals"]["lead_ids"] == "a_id"
        assert by_name["deals"]["deal_id"] == "b_id"
        assert by_name["leads"]["lead_id"] == "code"


def test_row_numbers_are_no_references(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    numbers = [str(number + 1) for number in range(20)]
    leads = file_of(tmp_path, "leads.csv", {"No": numbers, "Tanggal Masuk": days(), "Sumber": ["Instagram"] * 20})
    deals = file_of(
        tmp_path,
        "deals.csv",
        {"No": numbers[:10], "Close Date": days(10), "Amount": _TEXTS[Kind.MONEY][:10], "Seats": numbers[:10]},
    )
    [_, match] = matched(con, leads, deals)
    assert match is not None
    assert match.entity.name == "deals"
    assert "lead_ids" not in match.columns


def test_a_phone_or_an_email_is_never_an_id(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = file_of(
        tmp_path, "leads.csv", {"No HP": _TEXTS[Kind.PHONE], "Email ID": _TEXTS[Kind.EMAIL], "Tanggal Masuk": days()}
    )
    assert matched(con, path) == [None]


def test_the_best_name_wins_a_column(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "deals.csv",
        {
            "Deal ID": ids("d"),
            "Weighted Amount": _TEXTS[Kind.MONEY],
            "Amount": _TEXTS[Kind.MONEY],
            "Created": days(),
            "Stage": ["Won", "Open"] * 10,
        },
    )
    assert proposed(tmp_path, path)["deals"].columns["amount"] == "Amount"
    assert "# unsure: or 'Weighted Amount'; chosen by its name" in (tmp_path / "company/closedloop.yml").read_text()


# --- formats


def times(folder: Path, texts: list[str], **others: list[str]) -> tuple[str | None, str]:
    """The format that is proposed for a lead's creation, and the line it stands on."""
    name = f"{len(list(folder.iterdir()))}"
    path = file_of(folder, f"leads{name}.csv", {"Lead ID": ids("l", len(texts)), "Created": texts, **others})
    proposal = write_company_folder(folder / name, [path])
    [source] = read_settings(proposal.config).sources.values()
    leads = source.resources["leads"]
    assert isinstance(leads, FileResource)
    [line] = [line for line in proposal.config.read_text().split("\n") if "created_at" in line][-1:]
    return leads.formats.get("created_at"), line


@pytest.mark.parametrize(
    "pattern",
    [
        *("%d-%m-%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %I:%M %p", "%d.%m.%Y", "%d %b %Y", "%Y/%m/%d"),
        *("%d/%m/%y", "%b %d, %Y", "%d-%b-%Y %H:%M:%S"),
    ],
)
def test_the_pattern_that_all_times_satisfy(tmp_path: Path, pattern: str) -> None:
    texts = days(40, pattern=pattern)
    assert times(tmp_path, texts) == (pattern, f'          created_at: "{pattern}"')


def test_iso_times_need_no_pattern(tmp_path: Path) -> None:
    for texts in (days(), _TEXTS[Kind.TIME], [f"{day}T10:00:00+07:00" for day in days()]):
        assert times(tmp_path, texts)[0] is None


def test_when_every_day_could_be_a_month_it_says_so(tmp_path: Path) -> None:
    pattern, line = times(tmp_path, days(12, pattern="%d/%m/%Y"))
    assert pattern == "%d/%m/%Y"
    assert "# unsure: %m/%d/%Y reads them as well; is the day first?" in line
    with_clock, _ = times(tmp_path, [f"{day} 03:15 PM" for day in days(12, pattern="%m/%d/%Y")])
    assert with_clock == "%m/%d/%Y %I:%M %p"


def test_another_column_of_the_file_may_decide_it(tmp_path: Path) -> None:
    pattern, line = times(tmp_path, days(12, pattern="%m/%d/%Y"), Modified=days(12, date(2025, 1, 20), "%m/%d/%Y"))
    assert pattern == "%m/%d/%Y"
    assert "unsure" not in line


def test_texts_that_are_no_times_are_told(tmp_path: Path) -> None:
    pattern, line = times(tmp_path, [*days(39, pattern="%d/%m/%Y"), "soon"])
    assert pattern == "%d/%m/%Y"
    assert "# unsure: 39 of 40 read as dates; the rows of the others will be rejected" in line


@pytest.mark.parametrize(
    ("texts", "pattern", "is_unsure"),
    [
        (["1500", "20", "3"], None, False),
        (["1500.25", "20.5", "3"], None, False),
        (["1.500,25", "20,50", "3"], "1.234,56", False),
        (["1500,25", "20,50", "3"], "1.234,56", False),
        (["1,500.25", "20.50", "3"], "1,234.56", False),
        (["1.500.000", "20.000", "3"], "1.234,56", False),
        (["1.500", "20.000", "3"], "1.234,56", True),
        (["1,500", "20,000", "3"], "1,234.56", True),
        (["Rp 1.500.000", "Rp 20.000", "3"], "Rp 1.234,56", False),
        (["R$ 1.500,25", "R$ 20,00", "R$ 3"], "R$ 1.234,56", False),
        (["$1,500.25", "$20.00", "$3"], "$ 1,234.56", False),
        (["Rp 1500000", "Rp 20000", "Rp 3"], "Rp 1234.56", False),
    ],
)
def test_the_notation_of_numbers(tmp_path: Path, texts: list[str], pattern: str | None, is_unsure: bool) -> None:
    path = file_of(
        tmp_path,
        "deals.csv",
        {"Deal ID": ids("d", 3), "Created": days(3), "Amount": texts, "Stage": ["Won", "Lost", "Open"]},
    )
    deals = proposed(tmp_path, path)["deals"]
    assert deals.formats.get("amount") == pattern
    document = (tmp_path / "company/closedloop.yml").read_text()
    assert ("taken for one of thousands" in document) is is_unsure


# --- claims and outcomes


def test_leads_that_are_called_qualified_are_so_from_their_creation(tmp_path: Path) -> None:
    path = file_of(tmp_path, "marketing_qualified.csv", {"lead_id": ids("l"), "created_at": days()})
    assert proposed(tmp_path, path)["leads"].constants == {"stage": "mql"}


def test_a_stage_column_speaks_before_the_files_name(tmp_path: Path) -> None:
    path = file_of(tmp_path, "mqls.csv", {"lead_id": ids("l"), "created_at": days(), "Status": ["New", "MQL"] * 10})
    leads = proposed(tmp_path, path)["leads"]
    assert leads.constants == {}
    assert leads.values == {"stage": {"New": "lead", "MQL": "mql"}}


def test_rare_stages_of_a_large_file_are_mapped_too(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    duckdb.execute(
        f"""
        copy (
        select 'D' || i as "Deal ID", date '2025-01-01' as "Created", i as "Amount",
            case when i = 31000 then 'Won' when i % 2 = 0 then 'Open' else 'Lost' end as "Stage"
        from range(45000) as numbers (i)
        ) to '{path}'
        """
    )
    assert proposed(tmp_path, path)["deals"].values == {
        "is_won": {"Won": True, "*": False},
        "is_closed": {"Lost": True, "Won": True, "*": False},
    }


def test_deals_of_which_nothing_says_that_they_are_won(tmp_path: Path) -> None:
    path = file_of(tmp_path, "deals.csv", {"Deal ID": ids("d"), "Created": days(), "Amount": _TEXTS[Kind.MONEY]})
    assert proposed(tmp_path, path)["deals"].constants == {}
    assert "columns:  # unsure: nothing says which deals are won" in (tmp_path / "company/closedloop.yml").read_text()


def test_a_column_of_our_name_whose_texts_do_not_fit_is_emptied(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, "leads.csv", {"lead_id": ids("l"), "created_at": days(), "consent": ["by phone", "?"] * 10}
    )
    assert proposed(tmp_path, path)["leads"].values == {"consent": {"*": None}}


# --- the folder


def test_without_files_a_template_that_reads_nothing(tmp_path: Path) -> None:
    proposal = write_company_folder(tmp_path / "company", [])
    assert read_settings(proposal.config).sources == {}
    commented = proposal.config.read_text().partition("sources: {}")[2].replace("\n# ", "\n").replace("\n#\n", "\n")
    example = "sources:" + commented.partition("\nsources:")[2]
    proposal.config.write_text(example)
    assert list(read_settings(proposal.config).sources["crm"].resources) == ["leads", "deals"]
    found = sorted(str(file.relative_to(proposal.folder)) for file in proposal.folder.rglob("*") if file.is_file())
    assert found == [
        ".env.example",
        "agreement/agreement_terms.csv",
        "agreement/agreement_versions.csv",
        "agreement/lifecycle_stages.csv",
        "agreement/stage_criteria.csv",
        "closedloop.yml",
        "reference/README.md",
    ]


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("MINE=1\n")
    write_company_folder(tmp_path, [])
    assert (tmp_path / ".env.example").read_text() == "MINE=1\n"
    before = (tmp_path / "closedloop.yml").read_bytes()
    with pytest.raises(ConfigurationError, match=r"there is a closedloop.yml already"):
        write_company_folder(tmp_path, [])
    assert (tmp_path / "closedloop.yml").read_bytes() == before


def test_a_missing_file_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no such file"):
        write_company_folder(tmp_path / "company", [tmp_path / "leads.csv"])
    assert not (tmp_path / "company").exists()


def test_a_file_that_is_nothing_known_is_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, "weather.csv", {"station": ["a", "b"], "rain": ["1", "2"]})
    with pytest.raises(ConfigurationError, match=r"no file could be recognised"):
        write_company_folder(tmp_path / "company", [path])
    (tmp_path / "picture.png").write_bytes(b"PNG")
    with pytest.raises(ConfigurationError, match=r"does not say what the file is"):
        write_company_folder(tmp_path / "company", [tmp_path / "picture.png"])
    assert not (tmp_path / "company").exists()


def test_paths_are_relative_to_the_company_folder(tmp_path: Path) -> None:
    (tmp_path / "exports [new]").mkdir()
    path = file_of(tmp_path / "exports [new]", "leads.csv", {"lead_id": ids("l"), "created_at": days()})
    assert proposed(tmp_path, path)["leads"].path == "../exports [new]/leads.csv"


def test_a_folder_stands_for_its_files_and_files_of_one_entity_are_listed(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for name in ("leads", "people"):
        file_of(tmp_path / "exports", f"{name}.csv", {"lead_id": ids(name), "created_at": days()})
    proposal = write_company_folder(tmp_path / "company", [tmp_path / "exports"])
    [source] = read_settings(proposal.config).sources.values()
    leads = source.resources["leads"]
    assert isinstance(leads, list)
    assert [entry.path for entry in leads] == ["../exports/leads.csv", "../exports/people.csv"]


def test_broken_lines_do_not_keep_a_file_from_being_proposed(tmp_path: Path) -> None:
    path = file_of(tmp_path, "leads.csv", {"lead_id": ids("l"), "created_at": days()})
    path.write_text(path.read_text() + "one;too;many\n")
    assert proposed(tmp_path, path)["leads"].columns == {"lead_id": "lead_id", "created_at": "created_at"}


_FILE_NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=3)


@given(_FILE_NAMES, st.text(min_size=1), st.text(min_size=1), st.text(), st.text())
def test_any_name_header_value_and_remark_survives_the_document(
    name: str, header: str, theirs: str, where: str, doubt: str
) -> None:
    folder = Path("/company")
    file = FileProfile(folder / name, None, "cells", 1, 0, {})  # type: ignore[arg-type]  # the document opens nothing
    entry = Entry("leads", file, {"lead_id": header, "stage": header})
    entry.values["stage"] = {theirs: "mql"}
    entry.where = where
    entry.unsure = {("columns", "lead_id"): doubt, ("where",): doubt}
    entry.unmapped["stage"] = [theirs]
    surroundings = Surroundings("IDR", doubt, "Asia/Jakarta", "ID", doubt)
    document = yaml.safe_load(closedloop_yml(folder, [Source("crm", (entry,))], surroundings, []))
    leads = document["sources"]["crm"]["resources"]["leads"]
    assert leads["path"] == name
    assert leads["columns"]["lead_id"] == header
    assert leads["values"]["stage"] == {theirs: "mql"}
    assert leads.get("where", "") == where
