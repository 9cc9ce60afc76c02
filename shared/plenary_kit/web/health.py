"""Health: `/livez` (the process answers), `/readyz` (what it needs answers) and `/metrics` in each service."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from plenary_kit.observability.metrics import Metrics
from plenary_kit.persistence.database import Database

Check = Callable[[], bool]
_log = structlog.get_logger()


def health_blueprint(database: Database, metrics: Metrics, checks: Mapping[str, Check]) -> Blueprint:
    """Make the three health addresses; `checks` (by name) are asked by `/readyz` besides the database and must not raise."""
    health = Blueprint("health", __name__)
    asked: dict[str, Check] = {"database": lambda: _answers(database), **checks}

    @health.get("/livez")
    def livez() -> Response:
        return jsonify(status="alive")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = {name: check() for name, check in asked.items()}
        return jsonify(status="ready" if all(found.values()) else "not ready", checks=found), 200 if all(found.values()) else 503

    @health.get("/metrics")
    def exposition() -> Response:
        return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    return health


def _answers(database: Database) -> bool:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        _log.warning("health.database", exc_info=error)
        return False
    return True
