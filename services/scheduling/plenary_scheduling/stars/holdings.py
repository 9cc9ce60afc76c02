"""What scheduling states to those who keep copies of stars."""

from sqlalchemy import select

from plenary_contracts.copies import STARS
from plenary_kit.copies.owning import Holding
from plenary_scheduling.stars.model import Star

STARS_HELD = Holding(STARS, Star.id, select(Star.person_id, Star.session_id, Star.starred_at))
