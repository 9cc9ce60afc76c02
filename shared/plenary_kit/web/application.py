"""The application: a Flask app that is safe, observable and kind before a service adds its first page."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog
from flask import Blueprint, Flask, Response, g, request
from jinja2 import StrictUndefined
from prometheus_client.registry import Collector

from plenary_kit.identity.identity import Identity
from plenary_kit.identity.visitor import current_visitor
from plenary_kit.observability.metrics import Metrics
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint, make_api
from plenary_kit.web.assets import kit_blueprint, teach_assets
from plenary_kit.web.health import Check, health_blueprint
from plenary_kit.web.markdown import to_html
from plenary_kit.web.pace import keep_pace
from plenary_kit.web.problems import handle_problems, request_id
from plenary_kit.web.security import secure
from plenary_kit.web.settings import WebSettings
from plenary_kit.web.strict_json import StrictJson
from plenary_kit.web.tracing import Traced
from plenary_kit.web.words import teach_words

_log = structlog.get_logger()


def create_app(
    name: str,
    *,
    settings: WebSettings,
    identity: Identity,
    database: Database,
    pages: Sequence[Blueprint] = (),
    api: Sequence[ApiBlueprint] = (),
    templates: Path | None = None,
    checks: Mapping[str, Check] | None = None,
    figures: Sequence[Collector] = (),
    version: str = "1",
) -> Flask:
    """Build the web edge of the service `name`, to be mounted at `/{name}`.

    `pages` and `api` are its blueprints (those of `api` have prefixes under `/api/`), `templates` its template folder, `checks` what `/readyz` asks
    besides the database, `figures` what `/metrics` reads besides what it counts.
    """
    app = Flask(
        f"plenary_{name}",
        root_path=str(templates or Path(__file__).parent),
        template_folder=str(templates) if templates else None,
        static_folder=None,
    )
    app.json = StrictJson(app)
    app.config["PROPAGATE_EXCEPTIONS"] = settings.environment == "test"
    app.extensions["plenary_database"] = database
    metrics = Metrics(name, figures)
    app.extensions["plenary_metrics"] = metrics
    _observe(app, metrics)
    identity.install(app)
    secure(app, settings)
    handle_problems(app)
    _furnish(app, name, settings)
    app.register_blueprint(kit_blueprint())
    app.register_blueprint(health_blueprint(database, metrics, checks or {}))
    _mount(app, name, version, pages, api)
    keep_pace(app)
    app.wsgi_app = Traced(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _mount(app: Flask, name: str, version: str, pages: Sequence[Blueprint], api: Sequence[ApiBlueprint]) -> None:
    for blueprint in pages:
        app.register_blueprint(blueprint)
    described = make_api(app, name, version)
    for part in api:
        if not str(part.url_prefix).startswith("/api/"):
            raise ValueError(f"the API blueprint {part.name} needs a url_prefix under /api/")
        described.register_blueprint(part)


def _furnish(app: Flask, name: str, settings: WebSettings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["markdown"] = to_html
    teach_words(app)
    teach_assets(app)
    app.context_processor(lambda: {"visitor": current_visitor(), "service": name, "environment": settings.environment})


def _observe(app: Flask, metrics: Metrics) -> None:
    def begin() -> None:
        g.began = time.perf_counter()

    def answered(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "(none)"
        response.headers["X-Request-ID"] = request_id()
        metrics.answered(method=request.method, route=route, status=response.status_code, seconds=seconds)
        if request.endpoint not in {"kit.static", "health.livez", "health.readyz", "health.metrics"}:
            milliseconds = round(seconds * 1000, 1)
            _log.info("web.answered", request_id=request_id(), method=request.method, route=route, status=response.status_code, ms=milliseconds)
        return response

    app.before_request(begin)
    app.after_request(answered)
