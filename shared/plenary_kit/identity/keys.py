"""Keys: the Ed25519 pair that signs sign-in tokens.

Proposals holds the private half; every service verifies with the public half alone.
"""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey


def generate_private_pem() -> str:
    """Make a new private key as PEM text (PKCS 8, unencrypted: guard it as a secret)."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def public_pem_of(private_pem: str) -> str:
    """Give the public half of a private key as PEM text, to hand to the other services."""
    return _private(private_pem).public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def signing_key(private_pem: str) -> OKPKey:
    """Load the private key; anything but Ed25519 raises `ValueError`."""
    _private(private_pem)
    return OKPKey.import_key(private_pem)


def verifying_key(pem: str) -> OKPKey:
    """Load the public key (from the public or the private PEM text); anything but Ed25519 raises `ValueError`."""
    public = public_pem_of(pem) if "PRIVATE KEY" in pem else pem
    if not isinstance(serialization.load_pem_public_key(public.encode()), Ed25519PublicKey):
        raise ValueError("sign-in tokens are verified with an Ed25519 key")  # noqa: TRY004 - a wrong value of the right type
    return OKPKey.import_key(public)


def _private(pem: str) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("sign-in tokens are signed with an Ed25519 key")  # noqa: TRY004 - a wrong value of the right type (PEM text)
    return key
