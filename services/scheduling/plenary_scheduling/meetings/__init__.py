"""Meetings: when and where people gather, and the rooms there.

Publishes `scheduling.meeting.created`; listens to nothing.
"""
