"""What the checker knows of the meeting business: which copy shows what of which source, and who is owed which notice."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from books import Books, body

_GRANTS = "SELECT id, person_id, role, scope_kind, scope_id, revoked_at IS NULL FROM role_grant"
_ENDED = "SELECT id FROM sign_in WHERE ended_at IS NOT NULL"
_TEXT = "meeting_id, kind, track, title, abstract, minutes, expected, CAST(presenter_ids AS TEXT), CAST(unavailable AS TEXT)"
_COPIES = (  # source, what it holds, who keeps a copy, what that shows
    ("proposals", "SELECT id, name, affiliation FROM person", "scheduling", "SELECT id, name, affiliation FROM person_copy"),
    ("proposals", "SELECT id, name, email, time_zone FROM person", "notifications", "SELECT id, name, email, time_zone FROM person_copy"),
    ("proposals", "SELECT id, slug, name, time_zone FROM society", "scheduling", "SELECT id, slug, name, time_zone FROM society_copy"),
    ("proposals", _GRANTS, "scheduling", _GRANTS),
    ("proposals", _GRANTS, "notifications", _GRANTS),
    ("proposals", _ENDED, "scheduling", "SELECT session_id FROM ended_session"),
    ("proposals", _ENDED, "notifications", "SELECT session_id FROM ended_session"),
    (
        *("scheduling", "SELECT id, society_id, slug, title, venue, starts_on, ends_on, time_zone FROM meeting"),
        *("proposals", "SELECT id, society_id, slug, title, venue, starts_on, ends_on, time_zone FROM meeting_copy"),
    ),
    (
        *("scheduling", "SELECT id, society_id, slug, title, time_zone FROM meeting"),
        *("notifications", "SELECT id, society_id, slug, title, time_zone FROM meeting_copy"),
    ),
    (
        *("scheduling", "SELECT id, person_id, session_id, starred_at FROM star"),
        *("notifications", "SELECT id, person_id, session_id, starred_at FROM star_copy"),
    ),
    (
        *("proposals", f"SELECT id, {_TEXT} FROM proposal WHERE state = 'accepted'"),
        *("scheduling", f"SELECT proposal_id, {_TEXT} FROM session WHERE state = 'active'"),
    ),
    (
        *("proposals", "SELECT import_item_id, title FROM proposal WHERE import_item_id IS NOT NULL AND state = 'accepted'"),
        *("scheduling", "SELECT i.id, s.title FROM import_item i JOIN session s ON s.id = i.session_id WHERE s.state = 'active'"),
    ),
)
_VERSIONS = (  # owner, subject, who keeps a copy, its thing and version
    ("proposals", "proposals.person", "scheduling", "SELECT id, version FROM person_copy"),
    ("proposals", "proposals.person", "notifications", "SELECT id, version FROM person_copy"),
    ("proposals", "proposals.society", "scheduling", "SELECT id, version FROM society_copy"),
    ("scheduling", "scheduling.meeting", "proposals", "SELECT id, version FROM meeting_copy"),
    ("scheduling", "scheduling.meeting", "notifications", "SELECT id, version FROM meeting_copy"),
    ("proposals", "proposals.proposal", "scheduling", "SELECT proposal_id, proposal_version FROM session WHERE state = 'active'"),
)
_SUBMITTED, _ACCEPTED, _DECLINED, _WITHDRAWN = (f"proposals.proposal.{what}.v1" for what in ("submitted", "accepted", "declined", "withdrawn"))


def wrong_copies(books: Books) -> Iterator[str]:
    """Compare each copy with its source row by row: nothing missing, nothing invented, nothing twice."""
    for source, holds, keeper, shows in _COPIES:
        there, kept = Counter(books.rows(source, holds)), Counter(books.rows(keeper, shows))
        yield from (f"copy at {keeper} lacks {row[:2]} of {source}" for row in there - kept)
        yield from (f"copy at {keeper} has {row[:2]} more than {source}" for row in kept - there)


def wrong_versions(books: Books) -> Iterator[str]:
    """I8: a copy's version is the last that its owner announced."""
    for owner, subject, keeper, shows in _VERSIONS:
        heads = dict(books.rows(owner, f"SELECT subject_id, version FROM outbox_head WHERE subject = '{subject}'"))
        for thing, version in books.rows(keeper, shows):
            if heads.get(thing) != version:
                yield f"older state kept: {subject} {thing} at {keeper} is {version}, not {heads.get(thing)}"


def wrong_notices(books: Books) -> Iterator[str]:
    """I7, I11 and I14: who is owed a notice has it once, who can be written to has its letter, no decision was told before its release."""
    notices = books.rows("notifications", "SELECT person_id, cause_id, topic, id, state FROM notice")
    yield from (f"told twice: {key}" for key, count in Counter(row[:2] for row in notices).items() if count > 1)
    yield from (f"notice not told: {row}" for row in notices if row[4] != "told")
    causes = {(row[0], row[1]) for row in notices if row[2] != "program"}
    known = {event for event, _, _ in _proposal_facts(books)}
    yield from (f"notice of nothing: {cause}" for _, cause in causes if cause not in known)
    for event, kind, data in _proposal_facts(books):
        yield from (f"not told of {kind}: {person}" for person in _owed(kind, data) if (person, event) not in causes)
    reachable = {row[0] for row in books.rows("proposals", "SELECT id FROM person WHERE email IS NOT NULL")}
    letters = {row[0] for row in books.rows("notifications", "SELECT id FROM mail_letter")}
    yield from (f"no letter for notice {row[3]}" for row in notices if row[0] in reachable and row[3] not in letters)
    yield from (f"letter of no notice: {letter}" for letter in letters - {row[3] for row in notices})
    yield from _early(books)


def _early(books: Books) -> Iterator[str]:
    released = dict(books.rows("proposals", "SELECT proposal_id, released_at FROM decision WHERE released_at IS NOT NULL"))
    attempts = "SELECT n.cause_id, a.started_at FROM notice n JOIN mail_attempt a ON a.letter_id = n.id WHERE n.topic = 'decision'"
    started: dict[str, str] = {}
    for cause, at in books.rows("notifications", attempts):
        started[cause] = min(at, started.get(cause, at))
    for event, kind, data in _proposal_facts(books):
        if kind in {_ACCEPTED, _DECLINED} and data.get("origin") is None:
            since = released.get(data["id"])
            if since is None or started.get(event, since) < since:
                yield f"told before its release: {data['id']}"


def _owed(kind: str, data: dict[str, Any]) -> set[str]:
    if kind == _ACCEPTED:
        return set() if data.get("origin") else {data["submitter_id"], *data["presenter_ids"]}
    return {data["submitter_id"]}


def _proposal_facts(books: Books) -> list[tuple[str, str, dict[str, Any]]]:
    rows = books.rows("proposals", "SELECT event_id, type, payload FROM outbox WHERE subject = 'proposals.proposal' ORDER BY seq")
    told = (_SUBMITTED, _ACCEPTED, _DECLINED, _WITHDRAWN)
    return [(event, kind, body(payload)) for event, kind, payload in rows if kind in told]
