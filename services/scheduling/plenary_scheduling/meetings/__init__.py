"""Meetings: when and where people gather, and the rooms there.

Publishes `scheduling.meeting.*`; listens to nothing.
"""
