"""Runs migrations for either engine. Imports nothing of ours: `ops migrate` hands over connection and metadata.

Each migration is one transaction, DDL included, so a killed one starts again from the one before. SQLite: foreign keys
are off from connect (batch mode would cascade and lose child rows) and checked before the commit.
"""

from alembic import context

connection = context.config.attributes["connection"]
metadata = context.config.attributes["metadata"]

context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=True,
    compare_type=True,
)
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SELECT pg_advisory_lock(1296127305)")
    connection.commit()
try:
    with context.begin_transaction():
        context.run_migrations()
finally:
    if connection.dialect.name == "postgresql":
        connection.rollback()
        connection.exec_driver_sql("SELECT pg_advisory_unlock(1296127305)")
        connection.commit()
