"""Imports: programs read from files, taken in through the same facts as anything else.

Publishes `scheduling.import_item.read`; what proposals makes of it comes back as accepted proposals.
"""
