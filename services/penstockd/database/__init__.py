"""How services keep what they know: statements, transactions, the change feed, migrations.

It names the port; `open.open_database` gives an implementation. Neither SQLAlchemy, asyncpg nor
alembic is loaded by it.
"""

from penstockd.database.ports import Commits, Database, Dialect, Sql, UnitOfWork
from penstockd.database.statements import Statement

__all__ = ["Commits", "Database", "Dialect", "Sql", "Statement", "UnitOfWork"]
