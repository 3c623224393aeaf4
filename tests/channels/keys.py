"""Keys that protect nothing, made when first asked for."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """Return an RSA key."""
    return rsa.generate_private_key(65_537, bits)


@cache
def rsa_pem(bits: int = 2048, passphrase: bytes = b"") -> str:
    """Return an RSA key in PEM."""
    hidden = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return rsa_key(bits).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden).decode()


@cache
def curve_pem() -> str:
    """Return a key that is no RSA key."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
