"""Imports: programs read from files, taken in through the same facts as anything else.

Publishes `scheduling.import_item.read`; listens to nothing: what proposals makes of an item comes back as an accepted proposal.
"""
