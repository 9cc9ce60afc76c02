"""Decisions: accept or decline, held until they are released together.

Publishes `proposals.proposal.accepted` and `proposals.proposal.declined` at release; listens to nothing.
"""
