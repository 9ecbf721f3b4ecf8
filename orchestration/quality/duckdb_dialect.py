"""A DuckDB dialect for SQLAlchemy whose results outlive their connection.

Great Expectations reads a result after it gave the connection back, where duckdb-engine's cursors are closed; with
every row fetched at once its metrics answer right. The fault is known there (issues 10738 and 11579); this file can
go once Great Expectations talks to DuckDB by itself (pull request 12084).
"""

from __future__ import annotations

import duckdb_engine
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import NullPool, Pool

NAME = "closedloop_duckdb"


class _FetchingContext(duckdb_engine.Dialect.execution_ctx_cls):  # type: ignore[misc]
    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, alternate_description=self.cursor.description, initial_buffer=self.cursor.fetchall()
            )


class FetchingDialect(duckdb_engine.Dialect):  # type: ignore[misc]
    """duckdb-engine's dialect, fetching all rows at once."""

    execution_ctx_cls = _FetchingContext
    supports_statement_cache = False

    @classmethod
    def get_pool_class(cls, _url: URL) -> type[Pool]:
        """No pool: a connection that is given back lets go of the file."""
        return NullPool


def register() -> None:
    """Makes URLs such as `closedloop_duckdb:///file` known to SQLAlchemy."""
    registry.register(NAME, __name__, FetchingDialect.__name__)
