"""The pages in a real browser: nothing for axe to find in any state, the whole story by keyboard alone, and every step without scripts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import (
    PHONE,
    Reader,
    carry,
    chromium,
    open_reader,
    put_down,
    refuse_nothing,
    refused,
    served,
    sign_in_by_keyboard,
    sign_in_without_scripts,
)
from place import Installation, install
from playwright.sync_api import Browser, expect, sync_playwright
from society import Clock
from story import ATTENDEE, CHAIR, SUBMITTER, at, decide, prepared, released, submit

from plenary.demo import StoryClock, tell_story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
MEETING = "/scheduling/annual-meeting"


@pytest.fixture(scope="module")
def browser(exercised: dict[str, str]) -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright, exercised) as started:
        yield started


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demonstration; gives its address."""
    clock = StoryClock(datetime(2025, 11, 20, tzinfo=UTC))
    place = install(tmp_path_factory.mktemp("demo"), demonstration=True, clock=clock)  # type: ignore[arg-type]  # it turns like the tests' own
    tell_story(place.trio, clock, NOW, say=lambda _: None)
    place.settle()
    with served(place.site) as address:
        yield address
    place.trio.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    installed = install(tmp_path / "data", clock=Clock(datetime(2016, 1, 4, 12, tzinfo=UTC)))
    yield installed
    installed.trio.close()


@pytest.fixture
def address(place: Installation) -> Iterator[str]:
    with served(place.site) as given:
        yield given


def signed_in(browser: Browser, address: str, name: str | None) -> Reader:
    reader = open_reader(browser, address)
    if name:
        reader.visit("/proposals/sign-in")
        reader.page.get_by_role("button", name=name).click()
    return reader


PAGES = {
    None: [
        "/proposals/",
        "/proposals/sign-in",
        "/scheduling/",
        f"{MEETING}/",
        f"{MEETING}/changes",
        "/scheduling/midwest-spring/",
        "/notifications/outbox",
    ],
    "Charlotte Okafor": [
        f"{MEETING}/plan",
        f"{MEETING}/plan?q=mentoring",
        f"{MEETING}/rooms",
        f"{MEETING}/import",
        "/scheduling/new",
        "/scheduling/midwest-spring/plan",
    ],
    "Ana Whitefeather": ["/notifications/inbox", "/proposals/mine", "/proposals/calls/sgm/posters", "/proposals/calls/sgm/posters/propose"],
}


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(browser: Browser, told: str, who: str | None, path: str) -> None:
    reader = signed_in(browser, told, who)
    reader.visit(path)
    refuse_nothing(reader, path)
    reader.context.close()


def test_refused_forms_and_problem_pages_are_sound_too(browser: Browser, told: str) -> None:
    reader = signed_in(browser, told, "Charlotte Okafor")
    reader.visit("/scheduling/new")
    reader.page.get_by_role("button", name="Create").click()
    expect(reader.page.get_by_role("alert")).to_be_focused()
    refused(reader, "a refused form")
    reader.visit("/scheduling/no-such-meeting/")
    refused(reader, "not found")
    reader.visit("/proposals/calls/sgm/posters/edit")
    refuse_nothing(reader, "a call's form")
    reader.context.close()


def test_an_empty_installation_is_sound(browser: Browser, place: Installation, address: str) -> None:
    reader = open_reader(browser, address)
    reader.visit("/proposals/sign-in")
    reader.page.get_by_role("link", name="local outbox").click()
    expect(reader.page.get_by_role("heading", name="No letter yet")).to_be_visible()
    for path in ("/proposals/", "/scheduling/", "/notifications/outbox"):
        reader.visit(path)
        refuse_nothing(reader, f"empty {path}")
    reader.context.close()


def test_the_program_prints_without_its_navigation(browser: Browser, told: str) -> None:
    reader = open_reader(browser, told)
    reader.visit(f"{MEETING}/")
    reader.page.emulate_media(media="print")
    expect(reader.page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in (".site-header", ".site-footer", ".tabs", ".button"):
        assert not any(each.is_visible() for each in reader.page.locator(hidden).all()), hidden
    assert reader.page.locator(".session").first.is_visible()
    reader.context.close()


@pytest.mark.capability("G2")
def test_from_sign_in_to_publishing_by_keyboard_alone(browser: Browser, place: Installation, address: str) -> None:
    prepared(place)
    samir, charlotte = open_reader(browser, address), open_reader(browser, address)
    sign_in_by_keyboard(samir, place, SUBMITTER)
    samir.visit("/proposals/calls/sgm/workshops")
    samir.go("Write a proposal")
    samir.tab_to("Workshop")
    samir.press("Space")
    samir.type_into("Title", "Suturing for poets")
    samir.type_into("Abstract", "Hands-on.")
    samir.go("Submit")
    expect(samir.page.get_by_text("Suturing for poets").first).to_be_visible()

    sign_in_by_keyboard(charlotte, place, CHAIR)
    charlotte.visit("/proposals/calls/sgm/workshops/submissions")
    charlotte.go("Accept")
    charlotte.go("Release 1 decision")
    place.settle()
    charlotte.visit("/scheduling/sgm-annual/plan")
    charlotte.tab_to("Suturing for poets")
    charlotte.press("m", "ArrowRight", "ArrowDown")
    expect(charlotte.page.get_by_role("status").last).to_have_text("Biscayne, 9:15 AM to 10:15 AM. Nothing stands against it.")
    put_down(charlotte)
    expect(charlotte.page.get_by_text("Placed: “Suturing for poets”.")).to_be_visible()
    expect(charlotte.page.get_by_role("link", name="Suturing for poets")).to_be_focused()
    charlotte.type_into("change log", "The first program.")
    charlotte.go("Publish 1 change")
    expect(charlotte.page.get_by_text("Version 1 is public.")).to_be_visible()
    expect(charlotte.page.get_by_role("link", name="Suturing for poets")).to_be_visible()
    for reader in (samir, charlotte):
        reader.heard("the story")
        reader.context.close()


def charlotte_with(browser: Browser, place: Installation, address: str, *titles: str) -> Reader:
    """Bring accepted sessions of one presenter to the chair's working copy."""
    chair, samir = prepared(place), place.sign_in(SUBMITTER)
    for title in titles:
        submit(samir, title)
        decide(chair, title, "accept")
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    reader = open_reader(browser, address)
    sign_in_by_keyboard(reader, place, CHAIR)
    reader.visit("/scheduling/sgm-annual/plan")
    return reader


@pytest.mark.capability("G2", "G4")
def test_a_clash_is_said_before_it_is_made_and_a_move_can_be_undone(browser: Browser, place: Installation, address: str) -> None:
    reader = charlotte_with(browser, place, address, "One workshop", "Another workshop")
    said = reader.page.get_by_role("status").last
    carry(reader, "One workshop")
    put_down(reader)
    carry(reader, "Another workshop", "ArrowRight")
    expect(said).to_contain_text("A presenter of this session presents “One workshop” at that time.")
    refuse_nothing(reader, "a session is carried")
    reader.press("Enter")
    expect(said).to_contain_text("Press Enter again to place it anyway")
    reader.press("Escape")
    expect(said).to_have_text("Left where it was.")
    assert "Another workshop" in reader.focused()
    carry(reader, "Another workshop", "ArrowRight", "Enter")
    expect(said).to_contain_text("Press Enter again")
    put_down(reader)
    expect(reader.page.get_by_text("Placed: “Another workshop”.")).to_be_visible()
    refuse_nothing(reader, "a session was moved")
    reader.go("Undo")
    expect(reader.page.get_by_text("Taken out of the grid: “Another workshop”.")).to_be_visible()
    expect(reader.page.get_by_role("heading", name="Unplaced (1)")).to_be_visible()
    reader.heard("moving")
    reader.context.close()


def test_a_stale_move_names_both_versions_and_keeps_what_was_chosen(browser: Browser, place: Installation, address: str) -> None:
    reader = charlotte_with(browser, place, address, "One workshop")
    other = place.sign_in(CHAIR)
    link = str(reader.page.get_by_role("link", name="One workshop").get_attribute("href"))
    room = re.search(r'<option value="([0-9a-f-]+)"[^>]*>Biscayne', other.get(link))
    assert room is not None
    other.sends(link, link, room_id=room[1], starts_at=at(place, 0, "14:00"))
    carry(reader, "One workshop", "ArrowDown", "ArrowDown")
    put_down(reader)
    expect(reader.page.get_by_role("alert")).to_contain_text("you saw version 1, it is version 2 now")
    expect(reader.page.get_by_text("2:00 – 3:00 PM")).to_be_visible()
    assert reader.page.get_by_label("Starts").input_value() == at(place, 0, "09:30")
    refused(reader, "a stale move")
    reader.page.get_by_role("button", name="Place", exact=True).press("Enter")
    expect(reader.page.get_by_text("Moved: “One workshop”.")).to_be_visible()
    reader.context.close()


def test_endless_words_and_titles_from_right_to_left_break_no_page(browser: Browser, place: Installation, address: str) -> None:
    reader = charlotte_with(browser, place, address, "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4, "ورشة عمل عن الشعر والجراحة")
    refuse_nothing(reader, "unplaced endless titles")
    reader.page.get_by_role("button", name="Place them automatically").click()
    reader.page.get_by_role("button", name="Publish 2 changes").click()
    expect(reader.page.get_by_text("Version 1 is public.")).to_be_visible()
    for path in (
        "/scheduling/sgm-annual/",
        "/scheduling/sgm-annual/plan",
        "/scheduling/sgm-annual/changes",
        "/proposals/calls/sgm/workshops/submissions",
    ):
        reader.visit(path)
        refuse_nothing(reader, f"endless titles on {path}")
    reader.context.close()


def test_every_step_works_without_scripts(browser: Browser, place: Installation, address: str) -> None:
    chair = prepared(place)
    released(place, chair)
    charlotte = open_reader(browser, address, scripts=False)
    sign_in_without_scripts(charlotte, place, CHAIR)
    charlotte.visit("/scheduling/sgm-annual/plan")
    assert not charlotte.page.get_by_role("button", name="Move").is_visible()
    charlotte.page.get_by_role("link", name="Suturing for poets").click()
    charlotte.page.get_by_label("Room").select_option(label="Biscayne, holds 40")
    charlotte.page.get_by_role("button", name="Place", exact=True).click()
    expect(charlotte.page.get_by_text("Placed: “Suturing for poets”.")).to_be_visible()
    charlotte.page.get_by_role("button", name="Publish 1 change").click()
    expect(charlotte.page.get_by_text("Version 1 is public.")).to_be_visible()

    samir = open_reader(browser, address, scripts=False)
    sign_in_without_scripts(samir, place, SUBMITTER)
    samir.visit("/proposals/calls/sgm/workshops/propose")
    samir.page.get_by_label("Title").fill("Knots for critics")
    samir.page.get_by_role("button", name="Submit").click()
    expect(samir.page.get_by_role("alert")).to_be_visible()
    assert samir.page.get_by_label("Title").input_value() == "Knots for critics"

    ana = open_reader(browser, address, scripts=False, width=PHONE)
    sign_in_without_scripts(ana, place, ATTENDEE)
    ana.visit("/scheduling/sgm-annual/")
    ana.page.get_by_role("button", name="Star").click()
    expect(ana.page.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    for reader in (charlotte, samir, ana):
        reader.context.close()
