"""Sessions: the entries of a program, placed or not; the working copy that chairs edit.

Publishes nothing (a release does); listens to `proposals.proposal.accepted` and `proposals.proposal.withdrawn`.
"""
