"""People: the copy of persons and roles that programs name and that access is decided by.

Publishes nothing; listens to `proposals.person.*`, `proposals.role.*`, `proposals.society.*` and `proposals.sign_in.ended`.
"""
