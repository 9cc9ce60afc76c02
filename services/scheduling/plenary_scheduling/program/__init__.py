"""Program: releases of the working copy, what changed in each, and what the public reads.

Publishes `scheduling.program.released` and `scheduling.session.*`; listens to `proposals.proposal.accepted`,
`proposals.proposal.edited` and `proposals.proposal.withdrawn`.
"""
