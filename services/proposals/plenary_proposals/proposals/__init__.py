"""Proposals: drafts, submissions and withdrawals; the text of an accepted one stays here, in its submitter's and its chairs' hands.

Publishes `proposals.proposal.submitted`, `proposals.proposal.edited`, `proposals.proposal.withdrawn`, and for imported items
`proposals.proposal.accepted`; listens to `scheduling.import_item.read` and `scheduling.program.released`.
"""
