"""People at work while things break: they submit, decide, place, publish, star and withdraw, and what was answered is written down.

Every act goes through the pages. An answer that came makes an act done; anything else leaves it unknown, and it may or may not have happened.
"""

from collections.abc import Callable
from http.client import HTTPException

from checker import DONE, UNKNOWN, Act
from deployment import Deployment
from standing import Standing
from story import ATTENDEE, SUBMITTER, at, decide, move, plan_link, prepared, publish, submit

_CALL = "/proposals/calls/sgm/workshops"
_HOURS = range(9, 17)
_FAILED = (OSError, HTTPException, AssertionError)


class Load:
    """Three people, and waves of three proposals each."""

    def __init__(self, place: Deployment | Standing) -> None:
        self.acts: list[Act] = []
        self._place, self._waves, self._slots = place, 0, 0
        self._chair = prepared(place)
        self._samir, self._ana = place.sign_in(SUBMITTER), place.sign_in(ATTENDEE)

    def wave(self) -> None:
        """Bring three proposals as far as the faults allow: one declined, two accepted, placed and published, one of them starred, one withdrawn."""
        self._waves += 1
        titles = [f"Wave {self._waves} of {name}" for name in ("needles", "threads", "knots")]
        pages = {title: self.propose(title) for title in titles}
        there = [title for title in titles if pages[title]]
        for title in there:
            self._act("decide", title, lambda title=title: decide(self._chair, title, "decline" if title == titles[2] else "accept"))
        if self._act("release", there, lambda: self._chair.sends(f"{_CALL}/submissions", f"{_CALL}/release"), tries=4):
            self._scheduled([title for title in there if title != titles[2]], pages)

    def propose(self, title: str) -> str:
        """Submit a proposal; gives its page, or nothing when no answer came."""
        found: list[str] = []
        self._act("submit", title, lambda: found.append(submit(self._samir, title)), tries=1)
        return found[0] if found else ""

    def _scheduled(self, titles: list[str], pages: dict[str, str]) -> None:
        placed = [title for title in titles if self._planned(title) and self._moved(title)]
        note = f"Version of wave {self._waves}"
        self._act("publish", note, lambda: publish(self._chair, note), tries=1)
        for title in placed[:1]:
            self._act("star", title, lambda title=title: self._star(title), tries=1)
        for title in placed[1:]:
            self._act("withdraw", title, lambda title=title: self._samir.sends(pages[title], f"{pages[title]}/withdraw"), tries=1)

    def _planned(self, title: str) -> bool:
        """Wait until an accepted proposal is there to be placed, however often the plan cannot be read meanwhile."""
        self._place.until(lambda: self._try(lambda: plan_link(self._chair, title)), f"{title} does not arrive at the plan")
        return True

    def _moved(self, title: str) -> bool:
        self._slots += 1
        day, hour = divmod(self._slots - 1, len(_HOURS))
        return self._act("move", title, lambda: move(self._chair, title, "Atlantic", at(self._place, day, f"{_HOURS[hour]:02}:00")), tries=4)

    def _star(self, title: str) -> None:
        session = plan_link(self._chair, title).rpartition("/")[2]
        self._ana.sends("/scheduling/sgm-annual/", f"/scheduling/sessions/{session}/star")

    def _act(self, what: str, things: str | list[str], call: Callable[[], object], tries: int = 3) -> bool:
        """Do something, again when no answer came; what was answered is done, what was not may be."""
        for _ in range(tries):
            self._place.watch()
            done = self._try(call)
            for thing in [things] if isinstance(things, str) else things:
                self.acts.append(Act(what, thing, DONE if done else UNKNOWN))
            if done:
                return True
        return False

    @staticmethod
    def _try(call: Callable[[], object]) -> bool:
        try:
            call()
        except _FAILED:
            return False
        return True
