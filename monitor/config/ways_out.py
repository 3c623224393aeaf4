"""The ways out as monitor.yaml states them: a proxy, and authorities of one's own, whose file is read here."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from monitor.config.documents import Value
from monitor.config.named_file import named_file
from monitor.config.places import Spot
from monitor.config.settings import Settings
from monitor.model.errors import ConfigProblem, InvalidValueError
from monitor.model.proxy import Proxy, ProxyScheme

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_CREDENTIAL: Final = 255  # bytes; RFC 1929 §2 has one byte for the length

_SCHEMES: Final[dict[str, ProxyScheme]] = {"http": "http", "socks5": "socks5", "socks5h": "socks5h"}
_SHAPE: Final = "must be http://host:port, socks5://host:port or socks5h://host:port, with user:password@ before the host if need be"
_PEM: Final = re.compile(
    r"-----BEGIN (?P<kind>(?:X509 |TRUSTED )?CERTIFICATE)-----[A-Za-z0-9+/=\s]+-----END (?P=kind)-----"
)


def proxy(text: str) -> Proxy:
    """Return the proxy of an address; marks such as %40 in user and password stand for characters.

    Raises InvalidValueError, which never quotes the text.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValueError(_SHAPE) from None
    if parts.scheme == "https":
        raise InvalidValueError(
            "must begin with http://: the way to the proxy itself is not encrypted, pages behind it are"
        )
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not host or not text.isascii() or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise InvalidValueError(_SHAPE)
    if re.search(r"[\x00-\x20\x7f]", text) or "%" in host:
        raise InvalidValueError(f"{_SHAPE}, without blanks")
    if not port:
        raise InvalidValueError("must name the port of the proxy, as in http://proxy.example.com:3128")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if scheme != "http" and not (user + password).isascii():
        raise InvalidValueError("must have a user and a password of ASCII letters and digits for SOCKS")
    if len(user.encode()) > MAX_CREDENTIAL or len(password.encode()) > MAX_CREDENTIAL:
        raise InvalidValueError(f"must have a user and a password of at most {MAX_CREDENTIAL} bytes each")
    return Proxy(scheme, host, port, user, password)


def ways_out(
    settings: Settings, documents: list[tuple[Value, Spot]], folder: Path
) -> tuple[Settings, list[ConfigProblem]]:
    """Return the settings with what the files of `ca_file` hold, and what stands in the way of using them.

    `documents` are monitor.yaml as it was read, which may have other faults; relative names start from `folder`.
    """
    problems: list[ConfigProblem] = []
    found = {"fetch": "", "deliver": ""}
    for value, spot in documents:
        for key in found:
            part = value.get(key) if isinstance(value, dict) else None
            name = part.get("ca_file") if isinstance(part, dict) else None
            if isinstance(name, str) and name:
                try:
                    found[key] = authorities(folder / name)
                except InvalidValueError as error:
                    problems.append(_unusable(spot, key, str(error)))
        problems.extend(_without_library(settings, spot))
    return replace(
        settings,
        fetch=replace(settings.fetch, authorities=found["fetch"]),
        deliver=replace(settings.deliver, authorities=found["deliver"]),
    ), problems


def _unusable(spot: Spot, key: str, why: str) -> ConfigProblem:
    written = spot.find((key, "ca_file"))[0].raw
    hint = f"it is written as {written!r}; relative paths start from the configuration folder"
    return spot.problem((key, "ca_file"), f"the file of `ca_file` {why}", hint, "CFG022")


def authorities(path: Path) -> str:
    """Return the certificates of a PEM file, whatever else stands in it.

    Raises InvalidValueError with a message for people: as named_file does, and for no certificate, or one that is broken.
    """
    data = named_file(path, MAX_BYTES)
    certificates = [found[0] for found in _PEM.finditer(data.decode("ascii", "replace"))]
    if not certificates:
        binary = data.startswith(b"\x30")
        mend = "; it is in DER: `openssl x509 -inform der -in FILE -out FILE.pem` makes PEM of it" if binary else ""
        raise InvalidValueError(f"holds no certificate in PEM (-----BEGIN CERTIFICATE-----){mend}")
    for number, certificate in enumerate(certificates, 1):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=certificate)
        except ssl.SSLError:
            raise InvalidValueError(f"holds a certificate that is broken: number {number}") from None
    return "\n".join(certificates)


def _without_library(settings: Settings, spot: Spot) -> Iterator[ConfigProblem]:
    """Complain of SOCKS proxies where what speaks SOCKS is not installed."""
    for key, given in (("fetch", settings.fetch.proxy), ("deliver", settings.deliver.proxy)):
        if given is not None and given.is_socks and find_spec("python_socks") is None:
            what = "a SOCKS proxy needs the package python-socks, which is not installed"
            yield spot.problem((key, "proxy"), what, 'pip install "monitor[socks]", or use an http:// proxy', "CFG041")
