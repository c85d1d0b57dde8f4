"""Alembic environment; ``geoioc db migrate`` runs it."""
