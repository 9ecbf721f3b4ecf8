"""The second engine: dbt on Apache Spark, in one process with the local session it builds in (docs/engines.md).

Raw tables and seeds are handed to Spark as Parquet before, and the marts are handed back as Parquet afterwards; the
gate and the publication are the same for both engines.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from orchestration.configuration.context import PROJECT_ROOT, Paths
from orchestration.errors import BuildError, ClosedloopError, EngineError, NotBuiltError
from orchestration.warehouse import open_warehouse
from storage.sql import connect, quoted

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Seeds come as tables, and unit tests belong to `make test`.
_WITHOUT_SEEDS = ["--exclude-resource-type", "seed", "--exclude-resource-type", "unit_test"]

_JAVA = "install Java 17 or newer, or set JAVA_HOME to it"

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


def build_on_spark(arguments: list[str], project: Path) -> None:
    """`dbt build` with these arguments, prepared and collected; exits with dbt's own code where it failed.

    `project` is the folder of the dbt project, resolved.
    """
    from dbt.cli.main import cli

    # a data folder's own project lies in it; the product's has the folder from the environment, as in profiles.yml
    data = Path(os.environ.get("CLOSEDLOOP_DATA", "data")) if project == PROJECT_ROOT else project.parent
    paths = Paths(config=None, data=data.resolve())
    try:
        check_spark()
        with _working_folders(paths.spark) as (inputs, warehouse, local):
            tables = lay_out_inputs(paths, project, inputs)
            with _session(warehouse, local) as session:
                register(session, tables)
                _run_to_the_end(cli, [*arguments, *_WITHOUT_SEEDS])
                write_views(session, "marts", warehouse / "marts.db")
            hand_back(warehouse / "marts.db", paths.spark / "marts")
            hand_back(warehouse / "intermediate.db", paths.spark / "audit", only="int_reconciliation_totals")
    except ClosedloopError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.outcome.exit_code)


def check_spark() -> None:
    """Raises EngineError when this machine cannot run Spark: the extra or Java is missing."""
    where = "--target spark"
    if not (importlib.util.find_spec("pyspark") and importlib.util.find_spec("dbt.adapters.spark")):
        raise EngineError(
            "Spark is not installed", where=where, fix="install closedloop with its extra `spark` (docs/engines.md)"
        )
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else Path("java")
    if not shutil.which(java):
        raise EngineError("Java is not installed", where=where, fix=_JAVA)


def lay_out_inputs(paths: Paths, project: Path, folder: Path) -> list[InputTable]:
    """Writes what a dbt project reads (the tables its sources name, and its seeds) as Parquet into `folder`, in bulk.

    Times are stored as instants in UTC, which is what Spark calls `timestamp`; decimals and column orders stay.
    Raises NotBuiltError when a raw table is missing, BuildError when a seed's column has no type, or a value is not of
    its type.
    """
    declared = [
        yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for part in ("models", "seeds")
        for file in sorted((project / part).rglob("*.yml"))
    ]
    with open_warehouse(paths, read_only=True) as con:
        tables = [
            _write_input(_read_table(con, schema, name), schema, name, folder)
            for schema, name in _source_tables(declared)
        ]
        types = _seed_types(declared)
        tables += [
            _write_input(_read_seed(con, file, types.get(file.stem, {})), "seeds", file.stem, folder)
            for file in sorted((project / "seeds").rglob("*.csv"))
        ]
    return tables


def register(session: SparkSession, tables: list[InputTable]) -> None:
    """Makes the inputs known to Spark under the names that the models use."""
    from pyspark.sql.types import StructType

    for schema in sorted({table.schema for table in tables}):
        session.sql(f"create database if not exists `{schema}`")
    for table in tables:
        columns = ", ".join(f"`{column}` {type_}" for column, type_ in table.columns.items())
        session.catalog.createTable(
            f"`{table.schema}`.`{table.name}`",
            path=str(table.folder),
            source="parquet",
            schema=StructType.fromDDL(columns),
        )


def write_views(session: SparkSession, database: str, folder: Path) -> None:
    """Writes the views of a Spark database where its tables lie."""
    for table in session.catalog.listTables(database):
        if table.tableType == "VIEW":
            session.table(f"`{database}`.`{table.name}`").write.parquet(str(folder / table.name))


def hand_back(database: Path, folder: Path, *, only: str = "*") -> None:
    """Copies a Spark database's tables to `folder/<table>/<table>.parquet`, with times as DuckDB has them (no zone)."""
    with connect() as con:
        for table in sorted(database.glob(only)):
            target = folder / table.name / f"{table.name}.parquet"
            target.parent.mkdir(parents=True)
            rows = con.read_parquet([str(file) for file in table.glob("*.parquet")])
            _cast(rows, "TIMESTAMP WITH TIME ZONE", "timestamp").write_parquet(str(target), compression="zstd")


@contextmanager
def _working_folders(folder: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Empty folders for inputs, Spark's tables and its scratch files; afterwards only what was handed back is there."""
    shutil.rmtree(folder, ignore_errors=True)
    working = (folder / "inputs", folder / "warehouse", folder / "local")
    for path in working:
        path.mkdir(parents=True)
    try:
        yield working
    finally:
        for path in working:
            shutil.rmtree(path, ignore_errors=True)


def _run_to_the_end(cli: Callable[..., None], arguments: list[str]) -> None:
    """Runs dbt and goes on when it succeeded; else leaves with its exit code."""
    try:
        cli(arguments, prog_name="dbt")
    except SystemExit as ended:
        if ended.code:
            raise


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
        return con.table(f"{quoted(schema)}.{quoted(name)}")
    except duckdb.CatalogException:
        raise NotBuiltError(
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
    return rows.select(
        ", ".join(f"cast({quoted(column)} as {types[column]}) as {quoted(column)}" for column in rows.columns)
    )


def _write_input(rows: duckdb.DuckDBPyRelation, schema: str, name: str, folder: Path) -> InputTable:
    # whatever begins with an underscore, as `_identifiers` does, Spark passes over in silence
    file = folder / schema / f"table{name}" / "rows.parquet"
    file.parent.mkdir(parents=True)
    try:
        _cast(rows, "TIMESTAMP", "timestamptz").write_parquet(str(file), compression="zstd")
    except duckdb.ConversionException as error:
        raise BuildError(str(error), where=f"{schema}.{name}", fix="write a value of the column's type") from None
    columns = {
        column: _SPARK_TYPES.get(str(type_), str(type_).lower())  # decimal(18,2) is called so by both
        for column, type_ in zip(rows.columns, rows.types, strict=True)
    }
    return InputTable(schema, name, file.parent, columns)


def _cast(rows: duckdb.DuckDBPyRelation, from_type: str, to_type: str) -> duckdb.DuckDBPyRelation:
    """The rows with every column of one type cast to another; the session's zone is UTC."""
    return rows.select(
        ", ".join(
            f"cast({quoted(column)} as {to_type}) as {quoted(column)}" if str(type_) == from_type else quoted(column)
            for column, type_ in zip(rows.columns, rows.types, strict=True)
        )
    )


@contextmanager
def _session(warehouse: Path, local: Path) -> Iterator[SparkSession]:
    """A local session, on loopback only; dbt-spark takes the one that is there. Raises EngineError if Java refuses."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    # dbt says what failed; pyspark would say it again with Java's stack
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ.setdefault("SPARK_DRIVER_MEMORY", "2g")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(local),
        "spark.log.level": "ERROR",
        # a progress bar would share lines with the log that dagster-dbt reads
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
        # as instants in microseconds; Spark's default is a type that only Hive reads
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
        "spark.sql.warehouse.dir": str(warehouse),
    }
    try:
        session = SparkSession.builder.appName("closedloop").master("local[*]").config(map=settings).getOrCreate()
    except PySparkException as error:
        raise EngineError(f"Spark did not start: {error}", where="--target spark", fix=_JAVA) from None
    try:
        yield session
    finally:
        session.stop()
