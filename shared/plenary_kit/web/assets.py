"""Assets: the style sheet, the scripts and the layout that every service serves from its own path, for ever cacheable by their digest."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, url_for

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


def kit_blueprint() -> Blueprint:
    """Make the blueprint that serves `kit/` templates and files."""
    kit = Blueprint("kit", __name__, static_folder=str(STATIC), static_url_path="/static/kit", template_folder=str(FOLDER / "templates"))
    kit.after_request(_keep)
    return kit


def asset(name: str) -> str:
    """Give the address of a kit file, with its digest, so that a changed file has a new address."""
    return url_for("kit.static", filename=name, v=_digest(name))


def teach_assets(app: Flask) -> None:
    """Let the templates of `app` call `asset("kit.css")`."""
    app.jinja_env.globals["asset"] = asset


@lru_cache(maxsize=64)
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _keep(response: Response) -> Response:
    if response.status_code == 200:  # noqa: PLR2004
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
