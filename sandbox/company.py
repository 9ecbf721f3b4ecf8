"""A made-up company of which everything is known: its life, what its systems saw of it, and the truth beside that."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from sandbox.worlds import World
from storage.memory import memory_limit

_HERE = Path(__file__).resolve().parent

# Read top to bottom: what moves people, what they do, what systems see of it, what is so, and the files.
_CAUSES = ("chance", "calendar", "worlds", "market", "ways", "encounters", "lives")
_CONDUCT = ("leads", "paths", "sales", "deeds", "talk")
_TRACES = ("claims", "records", "deals", "spend", "shop", "mails", "tags", "visits", "events")
# Each a table of what is so, beside what the systems say, as of the present; each has its line in docs/sandbox.md.
_TRUTH = (
    *("persons", "sessions", "touches", "stages", "follow_ups", "deals", "revenue", "spend", "effects", "findings"),
)
_FILES = ("shared", "hubspot", "salesforce", "zoho", "ads", "others")

# What the company says by itself, beside its systems' files.
_WRITTEN_BY_HAND = ("agreement", "reference")

# One folder a system, named as the connectors are.
_SYSTEMS = (
    "hubspot",
    "salesforce",
    "zoho",
    "google_ads",
    "meta_ads",
    "tiktok_ads",
    "linkedin_ads",
    "web",
    "whatsapp",
    "marketplace",
    "newsletter",
    "events",
    "rates",
)

# The company's present: midnight in Jakarta after the last day of October 2026; of a later round, days after that.
AS_OF = datetime(2026, 10, 31, 17, tzinfo=UTC)
_DAYS_LATER = (0, 3, 7, 14)
_JAKARTA = timedelta(hours=7)

_LEADS_IN_MEMORY = 100_000


def present(round_number: int = 0) -> datetime:
    """The moment up to which the systems of a round know what happened, UTC."""
    return AS_OF + timedelta(days=_DAYS_LATER[round_number])


def is_free(folder: Path) -> bool:
    """Whether a made-up company may be written there: no other company's `closedloop.yml` would be lost."""
    configuration = folder / "closedloop.yml"
    if not configuration.exists():
        return True
    first_line = (_HERE / "closedloop.yml").read_text(encoding="utf-8").partition("\n")[0]
    return configuration.read_text(encoding="utf-8", errors="replace").startswith(first_line)


def write_company(
    folder: Path,
    *,
    leads: int = 3000,
    months: int = 24,
    seed: int = 1,
    world: World = World.ADDITIVE,
    round_number: int = 0,
) -> Path:
    """Writes the company's files, what it says by itself, the truth and `closedloop.yml`; returns the path of the last.

    The same arguments give the same bytes on any machine. `leads` is about how many leads there are at the present of
    round 0; budgets grow with it, so rates stay. Rounds 1 to 3 are the same company some days later.
    """
    for part in (*_SYSTEMS, *_WRITTEN_BY_HAND, "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    # beside the files, since a large company takes more room than a machine's temporary folder may have
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as making, _connect(Path(making), leads) as con:
        live(con, leads=leads, months=months, seed=seed, world=world, round_number=round_number)
        con.execute("set variable folder = $folder", {"folder": str(folder)})
        _run(con, "files", _FILES)
        _write_workbook(con, folder / "zoho" / "zoho.xlsx")
        _write_truth(con, folder / "truth")
    # without their modes: who may read is the folder's to say
    for file in (_HERE / "closedloop.yml", *(file for part in _WRITTEN_BY_HAND for file in (_HERE / part).iterdir())):
        shutil.copyfile(file, folder / file.relative_to(_HERE))
    return folder / "closedloop.yml"


def _connect(making: Path, leads: int) -> duckdb.DuckDBPyConnection:
    """A small company is made in memory, which is quicker; a large one in a file, which DuckDB compresses and pages.

    Two million leads take 4 GB of memory and some twenty of disk.
    """
    database = ":memory:" if leads <= _LEADS_IN_MEMORY else str(making / "company.duckdb")
    return duckdb.connect(database, config={"temp_directory": str(making), "memory_limit": memory_limit("4GB")})


def live(
    con: duckdb.DuckDBPyConnection,
    *,
    leads: int = 3000,
    months: int = 24,
    seed: int = 1,
    world: World = World.ADDITIVE,
    round_number: int = 0,
    without: str = "",
) -> None:
    """Makes the company's life and truth as tables of `con`; `without` is a channel or campaign that never existed."""
    variables = {
        "leads": leads,
        "months": months,
        "seed": seed,
        "world": world.value,
        "present": (present(round_number) + _JAKARTA).replace(tzinfo=None),
        "without": without,
    }
    for name, value in variables.items():
        con.execute(f"set variable {name} = $value", {"value": value})
    _run(con, "causes", _CAUSES)
    _run(con, "conduct", _CONDUCT)
    _run(con, "traces", _TRACES)
    con.execute("create schema truth")
    _run(con, "truth", _TRUTH)


def _run(con: duckdb.DuckDBPyConnection, room: str, names: tuple[str, ...]) -> None:
    for name in names:
        con.execute((_HERE / room / f"{name}.sql").read_text(encoding="utf-8"))


def _write_workbook(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The tables `zoho_*` as the sheets of one workbook."""
    # only here: it takes a while to load
    import xlsxwriter  # type: ignore[import-untyped]

    tables = con.execute("select table_name from duckdb_tables() where table_name ^@ 'zoho_' order by 1").fetchall()
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": AS_OF.replace(tzinfo=None)})
        for (table,) in tables:
            sheet = workbook.add_worksheet(table.removeprefix("zoho_").capitalize())
            for number, (name, values) in enumerate(con.table(table).to_arrow_table().to_pydict().items()):
                sheet.write_column(0, number, [name, *values])


def _write_truth(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for table in _TRUTH:
        con.execute(f"copy truth.{table} to $path (format parquet)", {"path": str(folder / f"{table}.parquet")})
