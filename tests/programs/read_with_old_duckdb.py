"""Reads a publication with the DuckDB 1.4 that is inside BI tools; runs in an environment that has nothing else.

Arguments: the file, the folder of Parquet. Prints a list of deals, comments, and Parquet rows as JSON.
"""

import json
import sys

import duckdb


def main() -> None:
    """See above."""
    if not duckdb.__version__.startswith("1.4."):
        raise AssertionError(duckdb.__version__)
    con = duckdb.connect(sys.argv[1], read_only=True)
    comments = con.execute(
        """
        select comment from duckdb_columns() where table_name = 'fct_deals' and column_name = 'amount'
        union all
        select comment from duckdb_tables() where table_name = 'fct_deals'
        """
    ).fetchall()
    deals = con.execute(
        "select deal_key, amount::varchar, closed_at::varchar from marts.fct_deals order by all"
    ).fetchall()
    parquet = con.execute("select count(*) from read_parquet(?)", [sys.argv[2] + "/fct_deals/*.parquet"]).fetchall()
    sys.stdout.write(json.dumps([deals, [comment for (comment,) in comments], parquet]))


if __name__ == "__main__":
    main()
