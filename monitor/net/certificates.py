"""Whose certificates are believed: the public authorities, or the system's own, and those that the settings add."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure

CERT_FILE = "SSL_CERT_FILE"
CERT_DIR = "SSL_CERT_DIR"

_UNKNOWN_AUTHORITY = frozenset((2, 18, 19, 20, 21))
"""X509_V_ERR_… of OpenSSL: self-signed, or the issuer is not among those that are trusted."""

_MEND = "if its authority is your own, write its PEM file as `ca_file` in monitor.yaml"


def trusting(authorities: str, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return TLS settings that believe the public authorities and those of `authorities`, certificates in PEM.

    Where SSL_CERT_FILE or SSL_CERT_DIR is set, OpenSSL's own roots, to which these two belong, take the place of the
    public ones. Raises Failure(TLS) when what they name is not there: OpenSSL would say nothing and believe nobody.
    """
    if environ.get(CERT_FILE) or environ.get(CERT_DIR):
        _insist(environ)
        context = ssl.create_default_context()
    else:
        context = httpx.create_ssl_context(trust_env=False)
    if authorities:
        context.load_verify_locations(cadata=authorities)
        # Python 3.13 asks of certificates what private authorities of the last twenty years often lack; OpenSSL does not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def missing_roots(environ: Mapping[str, str]) -> str:
    """Return which of SSL_CERT_FILE and SSL_CERT_DIR names something that cannot be read; "" where none does."""
    file, folders = environ.get(CERT_FILE, ""), environ.get(CERT_DIR, "")
    if file and not (Path(file).is_file() and os.access(file, os.R_OK)):
        return f"{CERT_FILE} names {file}, which is no file that can be read"
    if folders and not any(Path(folder).is_dir() for folder in folders.split(os.pathsep)):
        return f"{CERT_DIR} names {folders}, which is no folder"
    return ""


def _insist(environ: Mapping[str, str]) -> None:
    if missing := missing_roots(environ):
        raise Failure(FetchReason.TLS, f"{missing}; correct the variable, or take it away")


def explain_handshake(error: Exception) -> str:
    """Return what a failed handshake says to people, with the mend where a private authority may be meant."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return str(error) or type(error).__name__
    what = f"the certificate is not believed: {error.verify_message}"
    return f"{what}; {_MEND}" if error.verify_code in _UNKNOWN_AUTHORITY else what
