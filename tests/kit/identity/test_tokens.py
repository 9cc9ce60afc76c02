"""Sign-in tokens: what is taken, and everything that is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from plenary_kit.identity.keys import generate_private_pem, public_pem_of, signing_key, verifying_key
from plenary_kit.identity.tokens import CLOCK_SKEW, LIFETIME, issue, verify
from plenary_kit.identity.visitor import Visitor

NOW = datetime(2026, 3, 8, 6, 59, 58, tzinfo=UTC)
PEM = generate_private_pem()
KEY, PUBLIC = signing_key(PEM), verifying_key(public_pem_of(PEM))
ADA = Visitor(person_id=uuid4(), name="Ada Lovelace", session_id=uuid4())


def test_a_token_says_who_and_is_verified_with_the_public_key_alone() -> None:
    assert verify(PUBLIC, issue(KEY, ADA, now=NOW), now=NOW) == ADA


@pytest.mark.parametrize(
    ("issued", "read", "good"),
    [
        (NOW, NOW + LIFETIME - timedelta(seconds=1), True),
        (NOW, NOW + LIFETIME + CLOCK_SKEW + timedelta(seconds=2), False),
        (NOW + CLOCK_SKEW - timedelta(seconds=5), NOW, True),
        (NOW + CLOCK_SKEW + timedelta(seconds=5), NOW, False),
    ],
    ids=["at its end", "after its end", "a clock that is a little ahead", "from the future"],
)
def test_a_token_holds_for_its_time(issued: datetime, read: datetime, *, good: bool) -> None:
    assert (verify(PUBLIC, issue(KEY, ADA, now=issued), now=read) is not None) is good


def test_a_token_for_another_purpose_is_not_taken() -> None:
    assert verify(PUBLIC, issue(KEY, ADA, now=NOW, purpose="unsubscribe"), now=NOW) is None


def forged(**header: str) -> str:
    """Make a token whose header claims something else, over the claims of a good one."""
    _, claims, signature = issue(KEY, ADA, now=NOW).split(".")
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{head}.{claims}.{signature}"


def by_public_key_as_secret() -> str:
    """Sign with HMAC, the public key as the secret: the classic confusion of algorithms."""
    claims = issue(KEY, ADA, now=NOW).split(".")[1]
    signed = f"{forged(alg='HS256').partition('.')[0]}.{claims}"
    digest = hmac.digest(public_pem_of(PEM).encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "x" * 5_000,
        forged(alg="none"),
        forged(alg="none").rpartition(".")[0] + ".",
        forged(alg="EdDSA"),
        forged(alg="HS256"),
        issue(signing_key(generate_private_pem()), ADA, now=NOW),
        issue(KEY, ADA, now=NOW)[:-4] + "AAAA",
        by_public_key_as_secret(),
    ],
)
def test_a_forged_token_is_nobodys(token: str) -> None:
    assert verify(PUBLIC, token, now=NOW) is None
