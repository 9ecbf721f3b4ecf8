"""The second engine: dbt on Apache Spark, in one process with the local session it builds in (docs/engines.md).

`closedloop-dbt` is dbt. With `--target spark` it first hands raw tables and seeds to Spark as Parquet, and afterwards
hands the marts back as Parquet; the gate and the publication are the same for both engines.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from orchestration.errors import BuildError, ClosedloopError, ConfigurationError
from orchestration.settings import PROJECT_ROOT, Paths
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Commands of dbt that run SQL; the others (parse, ls, --version) need no engine.
_ENGINE_COMMANDS = {"build", "run", "test", "show", "compile"}

# Seeds come as tables, and unit tests belong to `make test`.
_WITHOUT_SEEDS = ["--exclude-resource-type", "seed", "--exclude-resource-type", "unit_test"]

_SPARK_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}


@dataclass(frozen=True)
class InputTable:
    """A raw table or seed on its way to Spark: its name in the models, its folder of Parquet, its columns."""

    schema: str
    name: str
    folder: Path
    columns: dict[str, str]  # name: Spark's type, in the table's order


def main() -> None:
    """dbt's command line; exits with dbt's own code. `--target spark` prepares and collects around it."""
    from dbt.cli.main import cli

    arguments = sys.argv[1:]
    if target_of(arguments) != "spark" or not _ENGINE_COMMANDS & set(arguments):
        cli(arguments, prog_name="dbt")
    # the same folder as in profiles.yml
    paths = Paths(config=None, data=Path(os.environ.get("CLOSEDLOOP_DATA", "data")).resolve())
    seeds = Path(os.environ.get("CLOSEDLOOP_SEEDS", "seeds")).resolve()
    try:
        check_spark()
        with _working_folders(paths.spark) as (inputs, warehouse):
            tables = lay_out_inputs(paths, seeds, inputs)
            session = _start_session(warehouse, paths.spark / "local")
            _register(session, tables)
            try:
                cli([*arguments, *_WITHOUT_SEEDS], prog_name="dbt")
            except SystemExit as ended:
                if ended.code:
                    raise
            hand_back(warehouse, "marts", paths.spark / "marts")
            hand_back(warehouse, "intermediate", paths.spark / "audit", only="int_reconciliation_totals")
    except ClosedloopError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


def target_of(arguments: list[str]) -> str | None:
    """The target that dbt's arguments (or DBT_TARGET) name; None when they leave it to the profile."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-t", "--target", default=os.environ.get("DBT_TARGET"))
    target: str | None = parser.parse_known_args(arguments)[0].target
    return target


def check_spark() -> None:
    """Raises ConfigurationError when this machine cannot run Spark: the extra or Java is missing."""
    where = "--target spark"
    if not (importlib.util.find_spec("pyspark") and importlib.util.find_spec("dbt.adapters.spark")):
        raise ConfigurationError(
            "Spark is not installed", where=where, fix="install the extra: `pip install closedloop[spark]`"
        )
    java_home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (java_home and (Path(java_home) / "bin" / "java").exists())):
        raise ConfigurationError("Java is not installed", where=where, fix="install Java 17, or set JAVA_HOME to it")


def lay_out_inputs(paths: Paths, seeds: Path, folder: Path) -> list[InputTable]:
    """Writes what the models read (the tables their sources name, and the seeds) as Parquet into `folder`, in bulk.

    Times are stored as instants in UTC, which is what Spark calls `timestamp`; decimals and column orders stay.
    Raises BuildError when a raw table is missing, a seed's column has no type, or a value is not of its type.
    """
    declared = _properties(PROJECT_ROOT / "models", PROJECT_ROOT / "seeds", seeds)
    with open_warehouse(paths, read_only=True) as con:
        tables = [
            _write_input(_read_table(con, schema, name), schema, name, folder)
            for schema, name in _source_tables(declared)
        ]
        types = _seed_types(declared)
        tables += [
            _write_input(_read_seed(con, file, types.get(file.stem, {})), "seeds", file.stem, folder)
            for file in sorted(seeds.rglob("*.csv"))
        ]
    return tables


def hand_back(warehouse: Path, schema: str, folder: Path, *, only: str = "*") -> None:
    """Copies the tables of a Spark schema to `folder/<table>/<table>.parquet`, with times as DuckDB has them."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for table in sorted((warehouse / f"{schema}.db").glob(only)):
            target = folder / table.name / f"{table.name}.parquet"
            target.parent.mkdir(parents=True)
            rows = con.read_parquet(f"{table}/*.parquet")
            _cast(rows, "TIMESTAMP WITH TIME ZONE", "timestamp").write_parquet(str(target), compression="zstd")


@contextmanager
def _working_folders(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Empty folders for the inputs and Spark's tables; nothing of an earlier run stays, and only results stay after."""
    shutil.rmtree(folder, ignore_errors=True)
    inputs, warehouse, local = (folder / name for name in ("inputs", "warehouse", "local"))
    for path in (inputs, warehouse, local):
        path.mkdir(parents=True)
    try:
        yield inputs, warehouse
    finally:
        for path in (inputs, warehouse, local):
            shutil.rmtree(path, ignore_errors=True)


def _properties(*folders: Path) -> list[dict[str, Any]]:
    """What the property files of dbt in these folders declare; a later file wins over an earlier one."""
    files = [file for folder in folders for file in sorted(folder.rglob("*.yml"))]
    return [yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in files]


def _source_tables(declared: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Schema and name of each table that the models' sources name."""
    return [
        (source.get("schema", source["name"]), table["name"])
        for document in declared
        for source in document.get("sources", [])
        for table in source["tables"]
    ]


def _seed_types(declared: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Each seed's `column_types`."""
    return {
        seed["name"]: seed.get("config", {}).get("column_types", {})
        for document in declared
        for seed in document.get("seeds", [])
    }


def _read_table(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> duckdb.DuckDBPyRelation:
    try:
        return con.table(f'"{schema}"."{name}"')
    except duckdb.CatalogException:
        raise BuildError(
            "the warehouse has no such table",
            where=f"{schema}.{name}",
            fix="run `closedloop run`, which makes every raw table",
        ) from None


def _read_seed(con: duckdb.DuckDBPyConnection, file: Path, types: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """A seed as `dbt seed` reads it on DuckDB."""
    rows = con.read_csv(str(file), header=True, delimiter=",", quotechar='"', escapechar='"', all_varchar=True)
    if untyped := [column for column in rows.columns if column not in types]:
        raise BuildError(
            f"columns without a type: {', '.join(untyped)}",
            where=f"seed {file.stem}",
            fix="declare them under `column_types` in the seed's .yml: engines guess types differently",
        )
    return rows.select(", ".join(f'cast("{column}" as {types[column]}) as "{column}"' for column in rows.columns))


def _write_input(rows: duckdb.DuckDBPyRelation, schema: str, name: str, folder: Path) -> InputTable:
    file = folder / schema / name / f"{name}.parquet"
    file.parent.mkdir(parents=True)
    _cast(rows, "TIMESTAMP", "timestamptz").write_parquet(str(file), compression="zstd")
    columns = {
        column: _SPARK_TYPES.get(str(type_), str(type_).lower())  # decimal(p,s) has one name in both
        for column, type_ in zip(rows.columns, rows.types, strict=True)
    }
    return InputTable(schema, name, file.parent, columns)


def _cast(rows: duckdb.DuckDBPyRelation, from_type: str, to_type: str) -> duckdb.DuckDBPyRelation:
    """The rows with every column of one type cast to another; the session's zone is UTC."""
    return rows.select(
        ", ".join(
            f'cast("{column}" as {to_type}) as "{column}"' if str(type_) == from_type else f'"{column}"'
            for column, type_ in zip(rows.columns, rows.types, strict=True)
        )
    )


def _start_session(warehouse: Path, local: Path) -> SparkSession:
    """The local session that dbt-spark finds as the one that is already there."""
    from pyspark.sql import SparkSession

    # dbt says what failed; pyspark would say it again, with its stack
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    return (
        SparkSession.builder.appName("closedloop")
        .master("local[2]")
        .config(
            map={
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.driver.host": "127.0.0.1",
                "spark.driver.memory": "2g",
                "spark.local.dir": str(local),
                "spark.log.level": "ERROR",
                "spark.ui.enabled": "false",
                "spark.sql.ansi.enabled": "true",
                "spark.sql.catalogImplementation": "in-memory",
                "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
                "spark.sql.session.timeZone": "UTC",
                "spark.sql.shuffle.partitions": "2",
                "spark.sql.warehouse.dir": str(warehouse),
            }
        )
        .getOrCreate()
    )


def _register(session: SparkSession, tables: list[InputTable]) -> None:
    """Makes the inputs known under the names that the models use."""
    for schema in sorted({table.schema for table in tables}):
        session.sql(f"create database if not exists `{schema}`")
    for table in tables:
        columns = ", ".join(f"`{column}` {type_}" for column, type_ in table.columns.items())
        session.sql(f"create table `{table.schema}`.`{table.name}` ({columns}) using parquet location '{table.folder}'")
