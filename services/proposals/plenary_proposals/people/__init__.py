"""People: societies, persons, signing in with a mailed code, and roles.

Publishes `proposals.society.*`, `proposals.person.*`, `proposals.role.*` and `proposals.sign_in.ended`; listens to nothing.
"""
