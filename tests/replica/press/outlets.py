"""The invented outlets of the demonstration: newspapers of several designs, and the two that are not well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tests.replica.family import Family
from tests.replica.feeds import AtomPaper, RssPaper
from tests.replica.ndsoft import NdSoft
from tests.replica.newsroom import Newsroom, Style
from tests.replica.printed import PRINTED

ILL: Final = "dodam"
"""The outlet whose server fails."""
REFUSING: Final = "mulbit"
"""The outlet whose robots.txt refuses."""
FORBIDDEN: Final = "User-agent: *\nDisallow: /\n"
_FAMILIES: Final = {family.kind: family for family in PRINTED}


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper as the demonstration watches it; `site` is the definition that reads its pages, "" for none."""

    id: str
    name: str
    style: Style
    tier: int
    site: str = ""

    @property
    def kind(self) -> str:
        """Return which kind of source it is."""
        return "list" if self.site else "feed"

    def opened(self, place: int) -> Newsroom:
        """Return its newsroom at a loopback address of its own, with nothing printed yet."""
        return Newsroom(self.style, f"127.0.1.{place + 1}")


def _family(outlet_id: str, name: str, kind: str, tier: int) -> Outlet:
    style: Family = replace(_FAMILIES[kind], outlet=name)
    return Outlet(outlet_id, name, style, tier, style.site)


OUTLETS: Final = (
    _family("neoul", "너울통신", "yna", 1),
    Outlet("dawn", "새벽강일보", RssPaper("새벽강일보"), 1),
    Outlet("garam", "가람재경", AtomPaper("가람재경"), 1),
    Outlet("hanyeoul", "한여울신문", NdSoft("한여울신문"), 2, "ndsoft"),
    _family("dalgu", "달구름매일", "mk", 2),
    _family("byeolmoe", "별뫼IT", "wordpress", 2),
    Outlet("pencil", "펜슬테크", RssPaper("펜슬테크"), 2),
    Outlet("nuri", "누리샘저널", RssPaper("누리샘저널"), 3),
    Outlet("daon", "다온타임스", AtomPaper("다온타임스"), 3),
    Outlet("solmaru", "솔마루방송", RssPaper("솔마루방송"), 2),
    Outlet(ILL, "도담데일리", RssPaper("도담데일리"), 3),
    Outlet(REFUSING, "물빛경인", RssPaper("물빛경인"), 3),
)
