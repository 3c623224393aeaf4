"""How outlets number their articles: which part of a URL is the article, as data of their definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

_ANY_HOST = "*"
_TWINS = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])")


@dataclass(frozen=True, slots=True)
class UrlRule:
    """One way of an outlet to name an article.

    `hosts`: bare hosts (no www., m., mobile., amp.), whose subdomains count too; `*` is any host, each a paper of its
    own. `paths`: patterns of the whole path (no trailing slash), whose named groups make the number. `query`: the
    parameters that must be there and belong to the number; all others are noise. `canonical`: the template of the one
    true URL, filled with the groups, the parameters and `{host}`. `answers`: the outlet serves the article there, so
    that links of a list to its twins (mobile, AMP) need not be followed; else the link itself is fetched.
    """

    hosts: tuple[str, ...]
    paths: tuple[re.Pattern[str], ...]
    query: tuple[str, ...]
    canonical: str
    answers: bool = False

    def read(self, host: str, path: str, query: str) -> Mapping[str, str] | None:
        """Return the parts of the article's number, or None when the URL is not one of this outlet's articles."""
        return self.parts(path, query) if self.covers(host) else None

    def parts(self, path: str, query: str) -> Mapping[str, str] | None:
        """Return the parts of the article's number by path and query alone. Raises ValueError for too many parameters."""
        found = next((hit for pattern in self.paths if (hit := pattern.fullmatch(path))), None)
        if found is None:
            return None
        parts = {name: value for name, value in found.groupdict().items() if value}
        if self.query:
            given = dict(parse_qsl(query, max_num_fields=200))
            if not all(given.get(name) for name in self.query):
                return None
            parts.update((name, given[name]) for name in self.query)
        return parts

    @property
    def any_host(self) -> bool:
        """Whether the rule speaks of every host."""
        return _ANY_HOST in self.hosts

    def covers(self, host: str) -> bool:
        """Return whether the rule speaks of this bare host."""
        return any(ours in (_ANY_HOST, host) or host.endswith("." + ours) for ours in self.hosts)

    def url(self, host: str, parts: Mapping[str, str]) -> str:
        """Write the one true URL of an article."""
        return self.canonical.format_map({"host": host, **parts})


def bare(host: str) -> str:
    """Drop what only chooses the edition for a device: www., m., mobile., amp."""
    return _TWINS.sub("", host)
