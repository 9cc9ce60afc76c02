"""Shorter waits for processes under test: what takes minutes to be tried again takes seconds. The rules stay the product's own."""

from datetime import timedelta

from plenary.cli import main
from plenary_kit.mail import mailer
from plenary_kit.messaging import intake


def hurry() -> None:
    """Run `plenary` with short leases, ladders and pauses between attempts."""
    mailer.LEASE = timedelta(seconds=3)
    mailer.BACK_OFF = (timedelta(seconds=1),)
    intake.LADDER = (timedelta(seconds=0.5),) * 3
    main()
