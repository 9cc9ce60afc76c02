"""Roles: who administers a society and who chairs its meetings, as administrators give and take it.

Publishes `proposals.role.revoked` (giving is the business of people, which announce it); listens to nothing.
"""
