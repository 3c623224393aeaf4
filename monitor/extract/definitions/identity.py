"""The key under which the twins of one article fold: http and https, www. and m., AMP, tracking, parameter order.

A key is itself a URL (the canonical one where the outlet is known), so folding a key gives the key again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from monitor.extract.definitions.catalog import url_rules
from monitor.extract.definitions.site import UrlRule
from monitor.extract.text.urls import bare

LONGEST = 2_000  # code points; a longer URL names no article, and no index would hold it
# Names that say where a reader came from, by the documents of those who add them (Google, Meta, Microsoft, Matomo, AT
# Internet, Mailchimp, HubSpot, Marketo, Omeda, Adobe, Yahoo, Naver's and Daum's news stands) and by what Korean papers put behind links to their own articles.
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "cmpid",
        "ocid",
        "ncid",
        "xtor",
        "spm",
        "ref",
        "ref_src",
        "ref_url",
        "referrer",
        "referer",
        "cds",
        "section",
        "rss",
        "share",
        "sharetype",
        "isrss",
        "fromrss",
        "from",
        "frm",
        "via",
        "gad_source",
        "gad_campaignid",
        "srsltid",
        "mibextid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "vero_id",
        "oly_enc_id",
        "oly_anon_id",
        "s_cid",
        "smid",
        "trk",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
    ]
)
_TRACKING_PREFIXES = ("utm_", "at_", "mtm_", "pk_", "hsa_", "fb_action_", "stm_")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/]*", re.IGNORECASE)
_NUMBERED = re.compile(r"/[^/]*?(?<!\d)\d{7,}(?:\.[a-z]{2,5})?$", re.IGNORECASE)
_PAGE = frozenset({"page", "p", "pg"})
_SEGMENT_SAFE = ":@!$&'()*+,;=-._~"
_MAX_FIELDS = 200


def identity(url: str, rules: tuple[UrlRule, ...] = ()) -> str:
    """Return the key of the article that `url` points to. `rules` are asked before the shipped ones.

    Known outlets (extract/sites): the canonical URL, from the article's number alone. Other hosts: https,
    bare host, path without trailing slash or session, query sorted and without what tells where a reader came from; the
    fragment goes, everything else stays, since any parameter may be the article's number. Of a path that ends in a long
    number (seven digits) that is the article, and only the number of a page stays behind it. What is no http(s) URL comes
    back as it is.
    Idempotent; never raises.
    """
    return _identity(url.strip(), rules)


@lru_cache(maxsize=4096)
def _identity(url: str, rules: tuple[UrlRule, ...]) -> str:
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return url
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return url
    path = _path(_SESSION.sub("", parts.path))
    for rule in (*rules, *_rules(host)):
        number = rule.read(host, path, parts.query)
        if number is not None:
            return rule.url(host, {name: quote(value, safe="-._~/") for name, value in number.items()})
    return f"https://{host}{path}{_query(parts.query, numbered=_NUMBERED.search(path) is not None)}"


@lru_cache(maxsize=1024)
def _rules(host: str) -> tuple[UrlRule, ...]:
    return tuple(rule for rule in url_rules() if rule.covers(host))


def _host(parts: SplitResult) -> str:
    """Return the bare host with its port, where that is not the default one. Raises ValueError for a bad port."""
    name = bare((parts.hostname or "").rstrip("."))
    port = parts.port
    name = f"[{name}]" if ":" in name else name
    return name if port in {None, 80, 443} else f"{name}:{port}"


def _path(path: str) -> str:
    """Decode escapes that need none, encode what needs it, drop the trailing slash."""
    plain = "/".join(quote(unquote(part), safe=_SEGMENT_SAFE) for part in path.split("/"))
    return plain.rstrip("/") or "/"


def _query(query: str, *, numbered: bool) -> str:
    """Sort the parameters and leave the trackers out; behind an article's own number only a page counts."""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return f"?{query}"
    kept = sorted(pair for pair in given if (pair[0].lower() in _PAGE if numbered else not _tracks(pair[0])))
    return f"?{urlencode(kept)}" if kept else ""


def _tracks(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith(_TRACKING_PREFIXES)
