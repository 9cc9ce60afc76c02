"""People: societies, persons and their profiles, signing in with a mailed code, and who may do what.

Publishes `proposals.society.*`, `proposals.person.*`, `proposals.role.granted` and `proposals.sign_in.ended`; listens to nothing.
"""
