"""Persistence: engines, units of work and column types over SQLAlchemy 2."""
