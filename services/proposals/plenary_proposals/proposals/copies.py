"""The copy of public programs that proposals keep."""

from plenary_contracts.copies import PROGRAMS
from plenary_kit.copies.copy import Copy
from plenary_proposals.proposals.model import ProgramCopy

PROGRAMS_KEPT = Copy(PROGRAMS, ProgramCopy.__table__, PROGRAMS.fields, version="version")
