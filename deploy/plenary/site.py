"""The web edge of the services: each one's application, and all three behind one address for the embedded shape."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

import plenary_notifications
import plenary_proposals
import plenary_scheduling
from plenary.composition import Trio
from plenary.letters import letters_shown, outbox_pages
from plenary.settings import Settings
from plenary_kit.identity.identity import Identity
from plenary_kit.messaging.health import backbone_answers
from plenary_kit.observability.backbone import BackboneCollector
from plenary_kit.persistence.database import Database
from plenary_kit.service import Service
from plenary_kit.web.application import create_app
from plenary_notifications.notices.api import notice_api
from plenary_notifications.notices.pages import notice_pages
from plenary_proposals.calls.api import call_api
from plenary_proposals.calls.pages import call_pages
from plenary_proposals.decisions.api import decision_api
from plenary_proposals.decisions.pages import decision_pages
from plenary_proposals.people.api import people_api, sign_in_api, society_api
from plenary_proposals.people.pages import people_pages, profile_pages
from plenary_proposals.proposals.api import proposal_api
from plenary_proposals.proposals.pages.own import proposal_pages
from plenary_proposals.roles.api import role_api
from plenary_proposals.roles.pages import role_pages
from plenary_scheduling.imports.api import import_api
from plenary_scheduling.imports.pages import import_pages
from plenary_scheduling.meetings.api import meeting_api
from plenary_scheduling.meetings.pages import meeting_pages
from plenary_scheduling.program.api.desk import desk_api
from plenary_scheduling.program.api.public import program_api
from plenary_scheduling.program.pages.desk import desk_pages
from plenary_scheduling.program.pages.placing import placing_pages
from plenary_scheduling.program.pages.public import public_pages
from plenary_scheduling.stars.api import star_api
from plenary_scheduling.stars.pages import star_pages
from plenary_scheduling.venues.api import venue_api
from plenary_scheduling.venues.pages import venue_pages


def proposals_app(database: Database, settings: Settings) -> Flask:
    """Make the application of proposals."""
    pages = [
        people_pages(database, demonstration=settings.demonstration, mail_stays_here=_mail_stays_here(settings)),
        profile_pages(database),
        role_pages(database),
        call_pages(database),
        proposal_pages(database),
        decision_pages(database),
    ]
    api = [make(database) for make in (sign_in_api, people_api, society_api, role_api, call_api, proposal_api, decision_api)]
    return create_app("proposals", **_common("proposals", database, settings, plenary_proposals.__file__), pages=pages, api=api)


def scheduling_app(database: Database, settings: Settings) -> Flask:
    """Make the application of scheduling."""
    pages = [
        meeting_pages(database),
        venue_pages(database),
        public_pages(database, public_url=settings.web.public_url),
        desk_pages(database),
        placing_pages(database),
        import_pages(database),
        star_pages(database),
    ]
    api = [make(database) for make in (meeting_api, venue_api, program_api, desk_api, star_api, import_api)]
    return create_app("scheduling", **_common("scheduling", database, settings, plenary_scheduling.__file__), pages=pages, api=api)


def notifications_app(database: Database, settings: Settings) -> Flask:
    """Make the application of notifications; where mail is kept instead of sent, with the pages that show it."""
    pages = [
        notice_pages(database),
        *([outbox_pages(settings.outbox, to_all=_letters_for_all(settings))] if settings.outbox else []),
    ]
    common = _common("notifications", database, settings, plenary_notifications.__file__)
    return create_app("notifications", **common, pages=pages, api=[notice_api(database)])


def one_site(service: Service, settings: Settings) -> DispatcherMiddleware:
    """Mount one service's application where the gateway sends its requests to."""
    app = APPS[service.name](service.database, settings)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]  # the gateway alone reaches this process, and names who asked
    return DispatcherMiddleware(_front, {f"/{service.name}": app})


def whole_site(trio: Trio, settings: Settings) -> DispatcherMiddleware:
    """Mount the three applications below one address, as the gateway of the deployed shape does."""
    return DispatcherMiddleware(
        _front,
        {
            "/proposals": proposals_app(trio.proposals.database, settings),
            "/scheduling": scheduling_app(trio.scheduling.database, settings),
            "/notifications": notifications_app(trio.notifications.database, settings),
        },
    )


APPS = {"proposals": proposals_app, "scheduling": scheduling_app, "notifications": notifications_app}


@Request.application
def _front(request: Request) -> Response:
    if request.path == "/":
        return redirect("/proposals/", 303)
    return Response("There is nothing here. Start from /proposals/.\n", 404, mimetype="text/plain")


def _letters_for_all(settings: Settings) -> bool:
    return settings.demonstration or settings.amqp_url is not None


def _mail_stays_here(settings: Settings) -> Callable[[], bool]:
    return lambda: settings.outbox is not None and letters_shown(to_all=_letters_for_all(settings))


def _common(name: str, database: Database, settings: Settings, package: str | None) -> Mapping[str, Any]:
    identity = Identity(database, settings.key_for(name), https=settings.web.https)
    templates = Path(str(package)).parent / "templates"
    watched = {"checks": {"backbone": partial(backbone_answers, database)}, "figures": [BackboneCollector(database)]}
    return {"settings": settings.web, "identity": identity, "database": database, "templates": templates, **watched}
