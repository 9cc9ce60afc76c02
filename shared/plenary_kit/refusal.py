"""Refusals: the answers "no, because ..." that the business expects.

A refusal is raised by a rule in a `model`, passes through the action (whose unit of work rolls back), and is turned at the edge into a problem
document for programs or a sentence beside the field for people.
"""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A named refusal with a stable `code` for programs and a sentence for people.

    `status` is the HTTP status at the edge; `field` names the form field that is at fault, if there is one.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        """Keep the `sentence` that people read and the `field` it belongs to."""
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Stale(Refusal):
    """Somebody else changed the thing since it was read: a page shows both texts, the API answers 412."""

    code = "stale"


class NotFound(Refusal):
    """There is no such thing, or it is not for this reader: the two look the same from outside."""

    code = "not-found"
    status = 404


class Forbidden(Refusal):
    """The reader is known and may not do this."""

    code = "forbidden"
    status = 403
