"""Who may ask the daemon's web server: the passwords, from the file or from files of their own, and where one is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.config.documents import Value
from monitor.config.files import read_secret
from monitor.config.parts import WebPart
from monitor.config.places import Spot
from monitor.config.settings import WebSettings
from monitor.model.confidential import remember
from monitor.model.errors import ConfigProblem, InvalidValueError

SHORTEST: Final = 12
"""Characters of a password at least: the login throttle bounds how many are tried, and nobody can guess that many."""
LONGEST: Final = 1_000
HASHED: Final = "$argon2id$"
_KEYS: Final = ("password", "reader_password")


def web_access(
    part: WebPart, documents: list[tuple[Value, Spot]], folder: Path
) -> tuple[WebSettings, list[ConfigProblem]]:
    """Return the settings of the web server, and what makes it unsafe to open.

    `documents` are monitor.yaml as it was read; relative names of files start from `folder`.
    """
    spot = documents[0][1] if documents else Spot(str(folder / "monitor.yaml"), 0, 0)
    problems: list[ConfigProblem] = []
    passwords = {key: _password(part, key, folder, spot, problems) for key in _KEYS}
    remember(passwords.values())
    (host, port) = part.listen
    settings = WebSettings(
        host=host,
        port=port,
        enabled=part.enabled,
        hosts=tuple(part.hosts),
        trusted_proxies=tuple(part.trusted_proxies),
        **passwords,
    )
    if not problems:
        problems.extend(_unsafe(settings, spot))
    return settings, problems


def _password(part: WebPart, key: str, folder: Path, spot: Spot, problems: list[ConfigProblem]) -> str:
    """Return a password, "" for none; what is wrong with it goes to `problems`."""
    given, name = str(getattr(part, key)), str(getattr(part, f"{key}_file"))
    if given and name:
        hint = f"leave out `{key}` or `{key}_file`"
        problems.append(
            spot.key_problem(("web", f"{key}_file"), f"`{key}` and `{key}_file` exclude each other", hint, "CFG033")
        )
        return given
    if name:
        try:
            given = read_secret(folder / name)
        except InvalidValueError as error:
            hint = "relative paths start from the configuration folder"
            what = f"the file of `{key}_file` {error}"
            problems.append(spot.problem(("web", f"{key}_file"), what, hint, "CFG022"))
            return ""
    if given and not given.startswith(HASHED) and not SHORTEST <= len(given) <= LONGEST:
        what = f"a password must have {SHORTEST} to {LONGEST} characters"
        hint = "`openssl rand -base64 18` makes one"
        problems.append(spot.key_problem(("web", f"{key}_file" if name else key), what, hint, "CFG044"))
    return given


def _unsafe(settings: WebSettings, spot: Spot) -> Iterator[ConfigProblem]:
    """Yield why the web server must not be opened as it is asked for."""
    if settings.enabled and not settings.on_loopback and not settings.password:
        what = f"others can reach {settings.host}, and `web` has no password"
        hint = "set `web.password` or `web.password_file`; or listen on 127.0.0.1, or write `web: off`"
        yield spot.problem(("web", "listen"), what, hint, "CFG044")
    if (settings.hosts or settings.trusted_proxies) and not settings.password and settings.enabled:
        key = "trusted_proxies" if settings.trusted_proxies else "hosts"
        what = f"`{key}` opens the web server to others, and it has no password"
        yield spot.key_problem(("web", key), what, "set `web.password` or `web.password_file`", "CFG044")
    if settings.reader_password and not settings.password:
        what = "there is a `reader_password` and no `password`: nobody could change anything, or everybody"
        yield spot.key_problem(("web", "reader_password"), what, "set `web.password` as well", "CFG044")
    elif settings.reader_password and settings.reader_password == settings.password:
        what = "`reader_password` and `password` are the same: readers could change everything"
        yield spot.key_problem(("web", "reader_password"), what, "choose another one", "CFG044")
