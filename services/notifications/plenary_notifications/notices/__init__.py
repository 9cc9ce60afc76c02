"""Notices: what is owed to whom, told once, with changes of one session gathered into their net result.

Publishes `notifications.notice.*`; listens to `proposals.proposal.*` and `scheduling.session.*`.
"""
