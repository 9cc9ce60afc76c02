"""Calls: what a meeting asks for, of which kinds, from when until when.

Publishes nothing; listens to `scheduling.meeting.*`, and keeps the copy of meetings by it.
"""
