"""Opens a DuckDB file to read and write, as tools do unless told otherwise, and holds it until standard input ends."""

from __future__ import annotations

import sys

import duckdb


def main() -> None:
    """Writes into it, and says so. Argument: the file."""
    with duckdb.connect(sys.argv[1]) as con:
        con.execute("create table scribbled as select 1 as x")
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
