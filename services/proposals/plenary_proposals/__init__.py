"""Proposals: who proposes what, and who judges it."""
