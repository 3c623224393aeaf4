"""What the names of an element (its class and id) say about it: body of an article, furniture of a page, or nothing.

Names are written by people and mean what they say: `related-articles`, `articleBody`, `comment_list`. They are read as
words, so that `share` is found in `socialShare` and not in `shareholders`.
"""

from __future__ import annotations

import re
from functools import lru_cache

BODY, FURNITURE, CAPTION = 1, 2, 4
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LONGEST = 300  # characters of names that are looked at
_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|arti|art|story|post|entry|news|view|end|read|detail)[_-]*(?:body|text|txt|content|contents|conts?|con)"
    r"(?:[_-]*(?:wrap|wrapper|area|inner|view|main|text|txt|copy|id|div|body))?(?=[\s_-]|$)"
    r"|(?:^|[\s_-])(?:bodytext|body-text|bodycopy|body-copy|main-article-content|newsct|dic[_-]area)(?=[\s_-]|$)"
)
_FURNITURE_WORDS = """
    ad ads adv advert adverts advertise advertisement advertising adsense banner sponsor sponsored promo promos promotion
    promotional outbrain taboola dfp gpt teads
    related relation relations relate recommend recommended recommendation recommendations recirc recirculation ranking
    popular trending trends mostread mostviewed moreon readmore readnext seealso suggested suggestions teaser teasers
    upnext morenews alsolike
    share sharing shares sharebar sharebox sharetools social socials sns bookmark addthis addtoany sharethis follow
    comment comments commenting disqus reply replies respond livefyre pingback trackback
    sidebar widget widgets rail aside nav navi navbar navigation menu submenu breadcrumb breadcrumbs crumb crumbs pagination
    pager paging footer foot masthead topbar toolbar tools utility utilities skip
    newsletter newsletters subscribe subscription subscriptions signup register registration login signin paywall metered
    cookie cookies consent gdpr privacy modal popup overlay lightbox tooltip dialog
    tag tags taglist keyword keywords hashtag hashtags topics
    byline bylines author authors authorbox bio reporter journalist writer contributor avatar
    date dateline datetime timestamp published pubdate updated meta metadata byinfo infomation
    copyright disclaimer legal credits rating ratings vote voting poll print donate donation
    player video gallery slideshow carousel slider hidden hide offscreen sr visually screenreader
    summary-ai aisummary ai tts audio feedback correction correct
"""
_FURNITURE = frozenset(_FURNITURE_WORDS.split())
_GLUED_WORDS = (
    "related recommend newsletter subscri advert sponsor comment sharing sharebutton social breadcrumb footer sidebar outbrain taboola "
    "mostread mostpopular trending copyright kanren reporter journalist cookie disqus"
)
_GLUED = tuple(_GLUED_WORDS.split())
_CAPTION = frozenset({"caption", "captions", "figcaption", "credit", "photographer", "photocaption", "imagecaption"})
# A name with one of these tells what is beside or in an element, in which state it is, or how it is laid out, not what it is.
_BESIDE_WORDS = """
    has with no without layout template is open opened closed shown visible enabled disabled active loaded ready locked
    on off wide narrow full scroll scrolled ok accepted granted done init initialized parent
"""
_BESIDE = frozenset(_BESIDE_WORDS.split())
# Content systems write an article's subject and writer into its class: `tag-economy`, `author-kim`.
_TAXONOMY = re.compile(
    r"(?:tag|tags|category|author|keyword|topic|topics)-"
    r"(?!(?:list|box|wrap|wrapper|area|cloud|container|group|section|info|name|bio|card|link|block|item|inner|content|profile|meta"
    r"|page|title|image|byline|date|details|avatar|header|footer|row|bar)s?(?:[-_]|$))[\w%-]+$"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_HASHED = re.compile(r"(?<=[a-zA-Z])_{2,3}(?=[\w-]{5,12}$)(?=\w*[A-Z0-9])[\w-]+$")
_PRINTED = re.compile(r"print[_-]?(?:area|zone|body|contents?)$", re.IGNORECASE)  # what the print button prints
_STYLED = re.compile(r"(?:sc|css|jsx|emotion|svelte|astro|styles?)-(?=[\w-]{4,})[\w-]*$")


@lru_cache(maxsize=4096)
def verdict(names: str) -> int:
    """Return BODY, FURNITURE, CAPTION or 0 for the class and id of an element, joined by a blank."""
    shown = names[:_LONGEST]
    if _BODY.search(shown.lower()):
        return BODY
    for written in shown.split():
        name = _said(written)
        words = [word.lower() for word in _SPLIT.findall(name)]
        if not _CAPTION.isdisjoint(words):
            return CAPTION
        if not _BESIDE.isdisjoint(words):
            continue
        if not _FURNITURE.isdisjoint(words) or any(word.startswith(_GLUED) for word in words):
            return FURNITURE
    return 0


def _said(name: str) -> str:
    """Return what a name says of its element: without pieces that tools make, states and variants."""
    if ":" in name or _UUID.match(name) or _STYLED.match(name) or _PRINTED.match(name) or _TAXONOMY.match(name):
        return ""
    return _HASHED.sub("", name.split("--", 1)[0])
