"""Plain text out of markup fragments and sloppy strings."""

from __future__ import annotations

import html
import re

# Only names that HTML knows: `<AI>` in a headline is text.
_TAG = re.compile(
    r"</?(a|abbr|article|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|"
    r"iframe|img|ins|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul)"
    r"(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
_INLINE_WORDS = "a abbr b big cite code del em font i ins mark q s small span strike strong sub sup tt u"
_INLINE = frozenset(_INLINE_WORDS.split())
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def collapse_whitespace(text: str) -> str:
    """Fold every run of blanks (also no-break and wide ones) into one space and trim the ends.

    Alone where a parser has read the markup already: what looks like a tag there is text.
    """
    return " ".join(text.split())


def unescape(text: str) -> str:
    """Undo HTML escaping, also when it was done twice (`E&amp;amp;S`).

    Alone where metadata states text: `<AI>` in a meta tag is no markup.
    """
    return html.unescape(html.unescape(text)) if "&" in text else text


def plain_text(fragment: str) -> str:
    """Return the text of a fragment of HTML, on one line: no tags, no entities, no double blanks."""
    if "<" not in fragment and "&" not in fragment:
        return collapse_whitespace(fragment)
    once = html.unescape(fragment) if "&lt;" in fragment or "<" not in fragment else fragment
    if "<!--" in once or "</s" in once:
        once = _UNSEEN.sub(" ", once)
    return collapse_whitespace(unescape(_TAG.sub(_gap, once)))


def excerpt(fragment: str, most: int) -> str:
    """Return the beginning of a fragment's text, at most `most` characters; markup may take seven times as many more."""
    return plain_text(fragment[: 8 * most])[:most]


def _gap(tag: re.Match[str]) -> str:
    """Leave a blank where a block ends, nothing where an inline element does."""
    return "" if tag[1].lower() in _INLINE else " "
