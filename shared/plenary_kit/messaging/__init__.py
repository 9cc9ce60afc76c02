"""Messaging: outbox, relay, brokers, consumer with lanes, and the parking lot.

What it promises: an announced fact is published because, and only because, its state change committed; it has exactly one effect per consuming
service; facts about one subject take effect in their order; a bad message harms no other subject.
"""
