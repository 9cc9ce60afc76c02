"""Scheduling: what happens where and when."""
