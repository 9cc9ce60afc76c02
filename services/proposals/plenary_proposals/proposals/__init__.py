"""Proposals: drafts, submissions and withdrawals.

Publishes `proposals.proposal.submitted` and `proposals.proposal.withdrawn`, and `proposals.proposal.accepted` for imported items; listens to
`scheduling.import_item.read`.
"""
