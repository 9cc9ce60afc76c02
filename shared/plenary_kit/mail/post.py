"""Handing a letter in: a row beside the state change that causes it, in the same transaction."""

from sqlalchemy import MetaData, Table, insert, select

from plenary_kit.context import stored_context
from plenary_kit.mail.letters import Letter
from plenary_kit.mail.tables import WAITING, add_mail_tables
from plenary_kit.persistence.work import Work

_metadata = MetaData()
add_mail_tables(_metadata)
LETTERS: Table = _metadata.tables["mail_letter"]
ATTEMPTS: Table = _metadata.tables["mail_attempt"]


def hand_in(work: Work, letter: Letter) -> None:
    """Leave `letter` for the mailer; a letter with the same id is there already and stays as it is."""
    if work.session.execute(select(LETTERS.c.id).where(LETTERS.c.id == letter.id)).first():
        return
    work.session.execute(
        insert(LETTERS).values(
            id=letter.id,
            topic=letter.topic,
            name=letter.name,
            address=letter.address,
            subject=letter.subject,
            text=letter.text,
            secret=letter.secret,
            priority=letter.priority,
            state=WAITING,
            attempts=0,
            due_at=work.now,
            handed_in_at=work.now,
            answer="",
            context=stored_context(letter.context),
        )
    )
