"""SQL lives in `sql/*.sql` as blocks under `-- name: block_name`; each file is read once."""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(rb"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def load(file_name: str) -> dict[str, bytes]:
    """The named statements of one file.

    Bytes, because psycopg accepts literal strings and bytes: a query that is put together from
    parts at run time stays a type error.
    """
    parts = _NAME.split((_FOLDER / file_name).read_bytes())
    return {
        name.decode(): text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }
