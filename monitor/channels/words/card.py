"""What a person is shown of a message, as far as a service has room for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from monitor.channels.words.visible import cut

MOST_MARKS: Final = 20
_BETWEEN: Final = " · "
_EACH: Final = "\n"


@dataclass(frozen=True, slots=True)
class Card:
    """One message for people. All texts are plain, on one line each, and partly written by strangers.

    `label` says why it is shown (the rule's name, or that a source broke), `title` what it is about, `link` is an http(s)
    address or "". `text` is the passage, `marks` the words in it to be set off. `facts` are outlet, time, what it goes on from, and author.
    A card of many things has `lines` instead of a passage, one for each, with its `links`, and `more` says of a number of others
    that they are not shown, in the reader's language.
    """

    label: str
    title: str
    link: str = ""
    text: str = ""
    marks: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    left: int = 0
    more: str = "+{}"

    def passage(self, limit: int) -> str:
        """Return at most `limit` characters of what it tells; of lines as many as fit whole, the others are counted."""
        if not self.lines:
            return shortened(self.text, limit)
        kept, room = 0, limit - len(_EACH) - len(self._others(len(self.lines)))
        for line in self.lines:
            room -= len(line) + len(_EACH) * (kept > 0)
            if room < 0:
                break
            kept += 1
        others = self._others(len(self.lines) - kept)
        return shortened(_EACH.join(filter(None, (*self.lines[:kept], others))), limit)

    def _others(self, number: int) -> str:
        number += self.left
        return self.more.format(number) if number else ""

    def runs(self, limit: int) -> Iterator[tuple[str, bool]]:
        """Yield the first `limit` characters of `text` in pieces, each with whether it is to be set off.

        Only so many places are set off: each costs a service's limit more than its letters.
        """
        text = self.passage(limit)
        wanted = "|".join(re.escape(mark) for mark in sorted(self.marks, key=len, reverse=True) if mark)
        at = 0
        for found in islice(re.finditer(wanted, text), MOST_MARKS) if wanted else ():
            if found.start() > at:
                yield text[at : found.start()], False
            yield found[0], True
            at = found.end()
        if at < len(text):
            yield text[at:], False

    def footing(self) -> str:
        """Return the facts on one line."""
        return _BETWEEN.join(fact for fact in self.facts if fact)


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters; what is cut off is counted, and no drawn character is cut in two.

    >>> shortened("가나다라마바사아자차카타파하", 12)
    '가나다라 …(+10자)'
    """
    if len(text) <= limit:
        return text
    room = limit - len(f" …(+{len(text)}자)")
    if room < 1:
        return cut(text, limit)
    kept = cut(text, room).rstrip()
    return f"{kept} …(+{len(text) - len(kept)}자)"
