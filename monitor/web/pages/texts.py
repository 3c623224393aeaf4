"""What the pages say, one catalogue for each language: texts/ko.toml and texts/en.toml.

A text may hold markup and names in braces; what is put in their place is escaped. Where English tells one from many, a text
has two forms, and `n` decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup, escape

LANGUAGES: Final = ("ko", "en")
_FORMS: Final = frozenset({"one", "other"})


class Texts:
    """The texts of one language."""

    def __init__(self, lang: str) -> None:
        """Take those of `lang`. Raises FileNotFoundError for a language that there is not."""
        self._texts = catalogue(lang)
        self._whole = _whole(lang)

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the text of that key. Raises KeyError for a key or a value that there is not."""
        if whole := self._whole.get(key):
            return whole
        text = self._texts.get(key)
        if text is None:
            text = self._texts[f"{key}.{'one' if values['n'] == 1 else 'other'}"]
        return Markup(text.format(**{name: _Value(one) for name, one in values.items()}))  # noqa: S704 - of our own files

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in self._texts or f"{key}.other" in self._texts


class _Value:
    """A value that is escaped as it is filled in; numbers keep their formats."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, wanted: str) -> str:
        return escape(format(self._value, wanted) if wanted else self._value)


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return the texts of a language by key, as `page.what`."""
    text = files(__package__).joinpath("texts", f"{lang}.toml").read_text("utf-8")
    return dict(_flat("", tomllib.loads(text)))


@cache
def _whole(lang: str) -> Mapping[str, Markup]:
    """Return the texts into which nothing is filled."""
    return {key: Markup(text) for key, text in catalogue(lang).items() if not set("{}") & set(text)}  # noqa: S704 - of our own files


def keys(lang: str) -> frozenset[str]:
    """Return the keys of a language; the two forms of a text are one key."""
    return frozenset(key.rpartition(".")[0] if key.rpartition(".")[2] in _FORMS else key for key in catalogue(lang))


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", str(value)
