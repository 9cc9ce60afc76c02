"""The checker: reads what an installation left behind after faults, and says what broke a promise. It shares no code with what it judges.

`broken_backbone` looks at the facts alone and serves any set of services, `broken_promises` at a whole installation, its mail and its people as well.
Both expect that everything has settled.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from books import Books, bare
from checker_meaning import wrong_copies, wrong_notices, wrong_versions

Listened = Mapping[str, Sequence[str]]
LISTENED: Listened = {  # consumer: the subjects that it takes in
    "proposals": ("scheduling.meeting", "scheduling.import_item"),
    "scheduling": ("proposals.society", "proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
    "notifications": (
        *("proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
        *("scheduling.meeting", "scheduling.session", "scheduling.star"),
    ),
}
SERVICES = tuple(LISTENED)
DONE, REFUSED, UNKNOWN = "done", "refused", "unknown"


@dataclass(frozen=True)
class Act:
    """What somebody did, about which thing (a title, mostly), and what they know of it: done, refused, or unknown since no answer came."""

    what: str
    thing: str
    outcome: str


@dataclass(frozen=True)
class Evidence:
    """What is left to judge by."""

    urls: Mapping[str, str]
    messages: Sequence[EmailMessage] = ()
    acts: Sequence[Act] = field(default=())


def broken_promises(evidence: Evidence) -> list[str]:
    """Judge a whole installation; an empty list means that every promise was kept."""
    books = Books(evidence.urls)
    try:
        return [
            *_broken(books, SERVICES, LISTENED),
            *wrong_copies(books),
            *wrong_versions(books),
            *wrong_notices(books),
            *_wrong_mail(books, evidence.messages),
            *_wrong_writes(books, evidence.acts),
        ]
    finally:
        books.close()


def broken_backbone(urls: Mapping[str, str], listened: Listened) -> list[str]:
    """Judge the facts between any services."""
    books = Books(urls)
    try:
        return list(_broken(books, tuple(urls), listened))
    finally:
        books.close()


def doubled_effects(urls: Mapping[str, str], service: str, table: str) -> list[str]:
    """I7: say which fact has more than one row in a table of effects."""
    books = Books(urls)
    try:
        effects = Counter(row[0] for row in books.rows(service, f"SELECT event_id FROM {table}"))
        return [f"doubled effect: {event}" for event, count in effects.items() if count > 1]
    finally:
        books.close()


def older_states(urls: Mapping[str, str], service: str, table: str) -> list[str]:
    """I8: say which copy does not stand at the last version that was taken of its subject."""
    books = Books(urls)
    try:
        last = dict(books.rows(service, "SELECT subject_id, max(version) FROM inbox GROUP BY subject_id"))
        copies = books.rows(service, f"SELECT id, version FROM {table}")
        return [f"older state over a newer one: {thing} at {version} after {last[thing]}" for thing, version in copies if version != last[thing]]
    finally:
        books.close()


def broken_mail(urls: Mapping[str, str], messages: Sequence[EmailMessage]) -> list[str]:
    """Judge the letters of any services."""
    books = Books(urls)
    try:
        return list(_wrong_mail(books, messages, tuple(urls)))
    finally:
        books.close()


def _broken(books: Books, services: Sequence[str], listened: Listened) -> Iterator[str]:
    for service in services:
        yield from _wrong_outbox(books, service)
    for consumer, subjects in listened.items():
        yield from _wrong_inbox(books, services, consumer, subjects)
        yield from _wrong_order(books, consumer)


def _wrong_outbox(books: Books, service: str) -> Iterator[str]:
    """I3 and I4: every fact was published, and each subject's versions are 1 to its head."""
    for subject, thing, version in books.rows(service, "SELECT subject, subject_id, version FROM outbox WHERE published_at IS NULL"):
        yield f"unpublished: {subject} {thing} {version}"
    heads = {row[:2]: row[2] for row in books.rows(service, "SELECT subject, subject_id, version FROM outbox_head")}
    versions: dict[tuple[str, str], list[int]] = {}
    for subject, thing, version in books.rows(service, "SELECT subject, subject_id, version FROM outbox ORDER BY seq"):
        versions.setdefault((subject, thing), []).append(version)
    for key in heads.keys() | versions.keys():
        if versions.get(key, []) != list(range(1, heads.get(key, 0) + 1)):
            yield f"versions not contiguous: {key} has {versions.get(key)}, head {heads.get(key)}"


def _wrong_inbox(books: Books, services: Sequence[str], consumer: str, subjects: Sequence[str]) -> Iterator[str]:
    """I5 and I6: a consumer took in exactly what was announced to it; what it parked is known and not lost."""
    statement = "SELECT event_id, subject, version FROM {}"
    announced = {row for service in services for row in books.rows(service, statement.format("outbox"))}
    taken = books.rows(consumer, statement.format("inbox"))
    parked = set(books.rows(consumer, statement.format("inbox_held") + " WHERE reason = 'parked'"))
    wanted = {row for row in announced if row[1] in subjects}
    yield from (f"lost by {consumer}: {row}" for row in wanted - set(taken) - parked)
    yield from (f"invented at {consumer}: {row}" for row in set(taken) - announced)
    yield from (f"taken twice by {consumer}: {row}" for row, count in Counter(taken).items() if count > 1)


def _wrong_order(books: Books, consumer: str) -> Iterator[str]:
    """I8: each subject's facts were taken in the order of their versions, to the last."""
    lanes = {row[:2]: row[2] for row in books.rows(consumer, "SELECT subject, subject_id, version FROM inbox_lane WHERE version > 0")}
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for subject, thing, version, at in books.rows(consumer, "SELECT subject, subject_id, version, applied_at FROM inbox ORDER BY version"):
        before, earlier = last.get((subject, thing), (0, ""))
        if version != before + 1 or at < earlier:
            yield f"out of order at {consumer}: {subject} {thing} {version} at {at} after {before} at {earlier}"
        last[subject, thing] = version, at
    for key in lanes.keys() | last.keys():
        if lanes.get(key) != last.get(key, (None, ""))[0]:
            yield f"lane at {consumer} not where its facts are: {key}"


def _wrong_mail(books: Books, messages: Sequence[EmailMessage], services: Sequence[str] = ("proposals", "notifications")) -> Iterator[str]:
    """I12 and I13: a letter said to be sent arrived, under its one Message-ID, in no more copies than unknown attempts explain."""
    copies = Counter(bare(str(message["Message-ID"]).strip("<>").partition("@")[0]) for message in messages)
    known: set[str] = set()
    for service in services:
        unknown = Counter(row[0] for row in books.rows(service, "SELECT letter_id FROM mail_attempt WHERE outcome = 'unknown'"))
        for letter, state in books.rows(service, "SELECT id, state FROM mail_letter"):
            known.add(letter)
            if state not in {"sent", "failed"}:
                yield f"letter not dealt with: {letter} is {state}"
            if state == "sent" and not copies[letter]:
                yield f"letter said to be sent, never arrived: {letter}"
            if copies[letter] > 1 + unknown[letter]:
                yield f"too many copies: {letter} came {copies[letter]} times"
    yield from (f"message of no letter: {strange}" for strange in copies.keys() - known)


def _wrong_writes(books: Books, acts: Sequence[Act]) -> Iterator[str]:
    """I1 and I2: what was answered is there, and nothing is there that nobody asked for."""
    for what, statement in _WRITTEN.items():
        service, _, query = statement.partition(": ")
        there = Counter(str(row[0]) for row in books.rows(service, query))
        done = {act.thing for act in acts if act.what == what and act.outcome == DONE}
        tried = {act.thing for act in acts if act.what == what and act.outcome != REFUSED}
        yield from (f"answered, yet lost: {what} “{thing}”" for thing in done - there.keys())
        if tried:
            yield from (f"from nowhere: {what} “{thing}”" for thing in there.keys() - tried)
            yield from (f"done twice: {what} “{thing}”" for thing, count in there.items() if count > 1)


_WRITTEN = {
    "submit": "proposals: SELECT title FROM proposal WHERE submitted_at IS NOT NULL AND import_item_id IS NULL",
    "decide": "proposals: SELECT title FROM decision JOIN proposal ON proposal.id = decision.proposal_id",
    "release": "proposals: SELECT title FROM decision JOIN proposal ON proposal.id = decision.proposal_id WHERE released_at IS NOT NULL",
    "withdraw": "proposals: SELECT title FROM proposal WHERE state = 'withdrawn'",
    "move": "scheduling: SELECT title FROM session WHERE starts_at IS NOT NULL OR state = 'withdrawn'",
    "publish": "scheduling: SELECT note FROM release",
    "star": "scheduling: SELECT title FROM star JOIN session ON session.id = star.session_id",
}
