"""People: the copies that notices need: who people are and how to reach them, meetings, stars and roles.

Publishes nothing; listens to `proposals.person.*`, `proposals.role.*`, `proposals.sign_in.ended`, `scheduling.meeting.*` and `scheduling.star.*`.
"""
