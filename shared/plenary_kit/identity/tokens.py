"""Tokens: who is signed in, signed with Ed25519 and short-lived.

A token names the person and the sign-in, never a role. One algorithm is accepted, whatever the token's header claims.
"""

from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from plenary_kit.identity.visitor import Visitor

ALGORITHM = "Ed25519"  # RFC 9864: EdDSA over this curve and no other
AUDIENCE = "plenary"
LIFETIME = timedelta(hours=12)
CLOCK_SKEW = timedelta(seconds=60)
SESSION = "session"
LONGEST = 4_096


def issue(key: OKPKey, visitor: Visitor, *, now: datetime, purpose: str = SESSION, lifetime: timedelta = LIFETIME) -> str:
    """Sign a token for the `visitor` that is good for one `purpose` from `now` on."""
    seconds = int(now.timestamp())
    claims = {
        "aud": AUDIENCE,
        "sub": str(visitor.person_id),
        "sid": str(visitor.session_id),
        "name": visitor.name,
        "purpose": purpose,
        "iat": seconds,
        "exp": seconds + int(lifetime.total_seconds()),
    }
    return jwt.encode({"alg": ALGORITHM}, claims, key, algorithms=[ALGORITHM])


def verify(key: OKPKey, token: str, *, now: datetime, purpose: str = SESSION) -> Visitor | None:
    """Give the visitor whom a token names, or `None` if it is forged, old, from the future, or meant for something else."""
    if len(token) > LONGEST:
        return None
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        _registry(now, purpose).validate(claims)
        return Visitor(person_id=UUID(claims["sub"]), name=str(claims["name"]), session_id=UUID(claims["sid"]))
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _registry(now: datetime, purpose: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(CLOCK_SKEW.total_seconds()),
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        purpose={"essential": True, "value": purpose},
    )
