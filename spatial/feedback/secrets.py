"""What lets a citizen come back to a report: a secret shown once, of which only a scrypt hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, text

# Without letters and digits people take for one another. 10 of 31 signs: 49 bits.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ2345678"
LENGTH = 10
_COST = {"n": 2**14, "r": 8, "p": 1}


def make_secret() -> str:
    """A new secret, in capitals."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def hash_secret(secret: str) -> str:
    """``scrypt$salt$hash``, both hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_digest(secret, salt).hex()}"


def verify_secret(conn: Connection, *, code: str, secret: str) -> bool:
    """Whether a secret belongs to a case. Reports that came without one are nobody's to answer."""
    stored = conn.execute(text("SELECT secret_hash FROM core.feedback_case WHERE key = :code"), {"code": code}).scalar()
    # The same work for a code that is not there: the time taken tells nothing.
    _, salt, wanted = (stored or hash_secret("")).split("$")
    given = _digest(secret.strip().upper(), bytes.fromhex(salt))
    return hmac.compare_digest(given.hex(), wanted) and stored is not None


def _digest(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, dklen=32, **_COST)
