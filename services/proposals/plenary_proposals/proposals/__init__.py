"""Proposals: drafts, submissions and withdrawals.

Publishes `proposals.proposal.submitted` and `proposals.proposal.withdrawn`; takes in imported items from `scheduling.import_item.read`.
"""
