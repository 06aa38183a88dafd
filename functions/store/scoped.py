"""Connections that send what opens a transaction together with its first statement.

A round trip costs more processor time than most of our statements, on both sides.

Source: PostgreSQL, "Multiple Statements in a Simple Query": without BEGIN they are one transaction.
"""

from collections.abc import Sequence
from math import inf
from typing import Any

import psycopg
from psycopg.abc import Params, Query

Row = dict[str, Any]
Cursor = psycopg.AsyncCursor[Row]


class ScopedConnection(psycopg.AsyncConnection[Row]):
    """Sends statements with `execute` and `execute_all` only: a plain cursor's see no row.

    Values become part of the text, quoted by psycopg, so that one message holds several statements.
    """

    _opening: tuple[bytes, int] = (b"", 0)
    _left: float = inf

    def open_with(self, opening: bytes, results: int, left: float = inf) -> None:
        """Send this before the next statement; its results are nobody's.

        Args:
            opening: statements, each with its semicolon.
            results: how many results they have.
            left: how many messages may be sent from now on.
        """
        self._opening, self._left = (opening, results), left

    async def execute(
        self,
        query: Query,
        params: Params | None = None,
        *,
        prepare: bool | None = None,
        binary: bool = False,
    ) -> Cursor:
        """Run a query; the cursor stands at its first result."""
        return await self.execute_all([(query, params)], prepare=prepare, binary=binary)

    async def execute_all(
        self,
        queries: Sequence[tuple[Query, Params | None]],
        *,
        prepare: bool | None = None,
        binary: bool = False,
    ) -> Cursor:
        """Run queries one after the other; the cursor stands at the first result.

        Raises:
            ProgrammingError: the transaction ended with the message before.
        """
        if not self._left:
            raise psycopg.ProgrammingError("a single transaction has ended with its statement")
        self._left -= 1
        (opening, results), self._opening = self._opening, (b"", 0)
        cursor = psycopg.AsyncClientCursor[Row](self)
        encoding = self.info.encoding
        texts = [cursor.mogrify(*query).encode(encoding) for query in queries]
        await cursor.execute(opening + b";\n".join(texts), prepare=prepare, binary=binary)
        for _ in range(results):
            cursor.nextset()
        return cursor
