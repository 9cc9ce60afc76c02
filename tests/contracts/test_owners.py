"""No field has two owners: what each service keeps of another one's things, and who owns it, stands here and is all there is."""

import pytest
from sqlalchemy import MetaData

import plenary_notifications.service
import plenary_proposals.service
import plenary_scheduling.service
from plenary_contracts.copies import MEETINGS, PEOPLE, PROGRAMS, PROPOSALS, ROLES, SIGN_INS, SOCIETIES, STARS
from plenary_kit.copies.kinds import Listing, Statement
from plenary_kit.messaging.facts import registered

PROPOSAL = ("meeting_id", "kind", "track", "title", "abstract", "minutes", "expected", "presenter_ids", "unavailable")
ROLE = ("person_id", "role", "scope_kind", "scope_id", "revoked_at")
MEETING = ("society_id", "slug", "title", "venue", "starts_on", "ends_on", "time_zone")
OWNERS = {  # what: (owner, its fields, {keeper: (table, the fields it keeps)})
    PEOPLE: (
        "proposals",
        ("name", "affiliation", "email", "time_zone"),
        {"scheduling": ("person_copy", ("name", "affiliation")), "notifications": ("person_copy", ("name", "email", "time_zone"))},
    ),
    SOCIETIES: ("proposals", ("slug", "name", "time_zone"), {"scheduling": ("society_copy", ("slug", "name", "time_zone"))}),
    ROLES: ("proposals", ROLE, {"scheduling": ("role_grant", ROLE), "notifications": ("role_grant", ROLE)}),
    SIGN_INS: ("proposals", ("until",), {"scheduling": ("ended_session", ("until",)), "notifications": ("ended_session", ("until",))}),
    PROPOSALS: ("proposals", PROPOSAL, {"scheduling": ("session", PROPOSAL)}),
    MEETINGS: (
        "scheduling",
        MEETING,
        {"proposals": ("meeting_copy", MEETING), "notifications": ("meeting_copy", ("society_id", "slug", "title", "time_zone"))},
    ),
    PROGRAMS: ("scheduling", ("number",), {"proposals": ("program_copy", ("number",))}),
    STARS: ("scheduling", ("person_id", "session_id", "starred_at"), {"notifications": ("star_copy", ("person_id", "session_id", "starred_at"))}),
}
OWN_OF_SESSIONS = {"id", "state", "room_id", "starts_at", "version"}  # where and whether a session stands is scheduling's alone
SERVICES = {module.NAME: module for module in (plenary_proposals.service, plenary_scheduling.service, plenary_notifications.service)}
HOLDINGS = {name: getattr(module, "HOLDINGS", ()) for name, module in SERVICES.items()}


def metadata_of(name: str) -> MetaData:
    metadata: MetaData = SERVICES[name].Base.metadata
    return metadata


@pytest.mark.parametrize(("kind", "row"), OWNERS.items(), ids=[kind.name for kind in OWNERS])
def test_the_table_is_what_the_code_says(kind, row):
    owner, fields, keepers = row
    assert [name for name, holdings in HOLDINGS.items() for holding in holdings if holding.kind is kind] == [owner]
    assert kind.name.startswith(f"{owner}.")
    assert tuple(kind.fields) == fields
    [holding] = [holding for holding in HOLDINGS[owner] if holding.kind is kind]
    assert tuple(column.name for column in holding.query.selected_columns) == fields
    kept = {name: module.KEEPER.copies[kind.name] for name, module in SERVICES.items() if kind.name in module.KEEPER.copies}
    assert {name: (copy.table.name, copy.fields) for name, copy in kept.items()} == keepers


def test_every_copy_is_in_the_table():
    held = {holding.kind.name for holdings in HOLDINGS.values() for holding in holdings}
    kept = {name for module in SERVICES.values() for name in module.KEEPER.copies}
    assert held == kept == {kind.name for kind in OWNERS}
    for name, module in SERVICES.items():
        tables = {table for table in metadata_of(name).tables if table.endswith("_copy")}
        assert tables <= {copy.table.name for copy in module.KEEPER.copies.values()}


def test_a_copy_holds_nothing_of_its_own():
    for name, module in SERVICES.items():
        for copy in module.KEEPER.copies.values():
            own = OWN_OF_SESSIONS if copy.table.name == "session" else set()
            columns = {column.name for column in metadata_of(name).tables[copy.table.name].columns}
            assert columns - {copy.key.name, copy.version} == {*copy.fields, *own}


def test_an_owner_keeps_no_copy_of_what_it_owns():
    for name, holdings in HOLDINGS.items():
        assert not {holding.kind.name for holding in holdings} & SERVICES[name].KEEPER.copies.keys()


def test_words_about_copies_reach_copies_alone():
    """Nobody who owes a notice ever hears a statement or a listing: each has the keeper's listener, or none."""
    about_copies = {fact for fact in registered().values() if issubclass(fact, Statement | Listing)}
    assert len(about_copies) == 2 * len(OWNERS)
    for module in SERVICES.values():
        heard = module.subscriptions().types & {fact.TYPE for fact in about_copies}
        assert heard == {fact.TYPE for fact in module.KEEPER.listeners()}
        assert {module.subscriptions()._listeners[name].func.__module__ for name in heard} == {"plenary_kit.copies.keeping"}
