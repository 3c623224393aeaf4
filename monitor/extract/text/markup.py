"""Plain text out of markup fragments and sloppy strings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

# Only names that HTML knows: `<AI>` in a headline is text.
_TAG = re.compile(
    r"</?(a|abbr|article|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|"
    r"iframe|img|ins|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul)"
    r"(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
_INLINE_WORDS = "a abbr b big cite code del em font i ins mark q s small span strike strong sub sup tt u"
_INLINE = frozenset(_INLINE_WORDS.split())
# How a beginning ends, in the words that content systems put behind it.
_CUT = re.compile(
    r"\s*+[\[(]?(?:…|\.{2,})[\])]?\s*+(?:(?:the post|continue reading|read more|더\s?보기|기사\s?전문|전문\s?보기|자세히)(?!\w).*)?$",
    re.IGNORECASE,
)
_TAIL = 300  # characters in which the end of a beginning stands
_TOLD = 10  # characters before an ellipsis that tell a text from others
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


def fuller_text(text: str, fragments: Iterable[str], most: int) -> str:
    """Return what a text and fragments of HTML say together, at most `most` characters; "" where that is no more than the text.

    The fuller one where it holds the others, else one behind the other. A beginning that ends in an ellipsis is held by
    what goes on.
    """
    texts = [text] if text else []
    for fragment in dict.fromkeys(filter(None, fragments)):
        more = excerpt(fragment, most)
        if more and not any(_holds(one, more) for one in texts):
            texts = [one for one in texts if not _holds(more, one)] + [more]
    return "" if texts == [text] else " ".join(texts)[:most]


def _holds(fuller: str, text: str) -> bool:
    cut = _CUT.search(text, max(0, len(text) - _TAIL))
    return (text[: cut.start()] if cut and cut.start() >= _TOLD else text) in fuller


def _gap(tag: re.Match[str]) -> str:
    """Leave a blank where a block ends, nothing where an inline element does."""
    return "" if tag[1].lower() in _INLINE else " "
