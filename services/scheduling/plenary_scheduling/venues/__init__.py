"""Venues: what a meeting and its rooms may become once sessions stand in them.

Publishes `scheduling.meeting.changed`; listens to nothing.
"""
