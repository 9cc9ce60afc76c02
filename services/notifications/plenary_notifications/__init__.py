"""Notifications: who is told what, how and when."""
