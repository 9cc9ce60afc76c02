"""Calls: what a meeting asks for, of which kinds, from when until when.

Publishes nothing yet that others need; keeps the copy of meetings, fed by `scheduling.meeting.*`.
"""
