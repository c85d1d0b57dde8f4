"""Alembic's entry: runs on the connection it is handed, compares with ``spatial.schema.metadata``."""

from alembic import context

from spatial.migrations.runner import configure_options

context.configure(connection=context.config.attributes["connection"], **configure_options())
with context.begin_transaction():
    context.run_migrations()
