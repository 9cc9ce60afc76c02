"""Identity: who is asking (a signed token) and what they may do (grants kept beside each service's own data)."""
