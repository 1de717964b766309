"""What a database answers that no waiting helps with: it lacks a table or a column that this program needs."""

import sqlite3

from psycopg import errors
from sqlalchemy.exc import DBAPIError

from wideberth_contracts.errors import InternalFault

PRIMARY = 0xFF
"""Of SQLite's extended codes, the byte that says what kind an error is."""


def schema_fault(error: BaseException) -> InternalFault | None:
    """The error in words, where the statement can never be run on that database; None where it is another.

    SQLite calls a missing table operational, as it does a disk that is full; only its code tells them apart.
    """
    if not isinstance(error, DBAPIError):
        return None
    cause = error.orig
    in_sqlite = isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & PRIMARY == sqlite3.SQLITE_ERROR
    if not in_sqlite and not isinstance(cause, errors.UndefinedTable | errors.UndefinedColumn):
        return None
    said = str(cause).splitlines()[0]
    remedy = "start the gateway of this version on it once, which migrates it, or restore a backup of it"
    return InternalFault(f"the database is not as this program needs it: {said}", where="database", remedy=remedy)
