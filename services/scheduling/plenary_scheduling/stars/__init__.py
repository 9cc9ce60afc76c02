"""Stars: who wants to be told about which session.

Publishes `scheduling.star.*`; listens to nothing.
"""
