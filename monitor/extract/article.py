"""Page -> article: what an outlet's definition says, then JSON-LD, then meta tags, then the densest block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from monitor.extract import facts
from monitor.extract.blocks import Text, block_lines, read_blocks
from monitor.extract.bylines import bylines, person
from monitor.extract.gate import check
from monitor.extract.generic import Body, generic_body
from monitor.extract.head import Head, read_head
from monitor.extract.sheet import Sheet, open_sheet
from monitor.extract.site import Site
from monitor.extract.tails import trim
from monitor.extract.text import plain
from monitor.model.article import Article, Lead
from monitor.model.errors import ExtractError

# JSON-LD bodies have lost their paragraphs and are often cut short; one that is this much longer knows more.
_FULLER = 1.6
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was known of an article before its page was opened. `url` is where the page came from."""

    lead: Lead
    source_id: str
    first_seen_at: datetime
    url: str


def extract(html: str, sighted: Sighted, site: Site | None, zone: str, now: datetime) -> Article:
    """Read one article page.

    Every field comes from the first way that gives one; `via` names it: site, jsonld, meta, generic, lead, image-clock.
    Where the generic reader gave the body, `via["confidence"]` says how sure it is: "0.00" to "1.00".
    Raises ExtractError for a page the gate refuses, an empty one, and one that holds no article: neither title nor text,
    or, at an outlet with a definition, no body element and less running text than the definition's self-check asks for
    (a maintenance notice must not be stored as an article).
    """
    url, lead = sighted.url, sighted.lead
    if not html.strip():
        raise ExtractError(url, "the page is empty")
    sheet = open_sheet(html, url, site, zone, now)
    notes: dict[str, str] = {}
    title = _note(notes, "title", facts.title(sheet), (lead.title, "lead"))
    subtitle = _note(notes, "subtitle", _subtitle(sheet))
    published_at = _note(notes, "published_at", *_published(sheet, lead))
    text, way, sure = _body(sheet)
    if way == "generic":
        notes["confidence"] = f"{sure:.2f}"
    lines, signed = trim(text.lines)
    if not title or not (lines or way == "site" or lead.title):
        raise ExtractError(url, "the page holds no article")
    return Article(
        key=lead.key,
        url=lead.url,
        source_id=sighted.source_id,
        title=title,
        first_seen_at=sighted.first_seen_at,
        subtitle=subtitle,
        body=_note(notes, "body", ("\n".join(lines), way), (lead.summary, "lead")),
        captions=_note(notes, "captions", (tuple(dict.fromkeys(text.captions)), way)),
        authors=_note(notes, "authors", facts.authors(sheet, text.lines, signed), (_lead_authors(lead), "lead")),
        section=_note(notes, "section", facts.section(sheet)),
        lang=_note(notes, "lang", facts.lang(sheet)),
        canonical_url=_note(notes, "canonical_url", facts.canonical(sheet)),
        published_at=published_at,
        modified_at=_note(notes, "modified_at", facts.modified(sheet)),
        via=notes,
    )


def from_lead(lead: Lead, source_id: str, first_seen_at: datetime) -> Article:
    """Make an article of what a list or feed told, for pages that cannot be read. Its text is the summary."""
    stated = {
        "title": lead.title,
        "body": lead.summary,
        "authors": _lead_authors(lead),
        "published_at": lead.published_at,
    }
    return Article(
        key=lead.key,
        url=lead.url,
        source_id=source_id,
        title=lead.title,
        first_seen_at=first_seen_at,
        body=lead.summary,
        authors=_lead_authors(lead),
        published_at=lead.published_at,
        via={field: "lead" for field, value in stated.items() if value},
    )


def generic_text(html: str, url: str) -> str:
    """Answer the body by the generic reader alone, paragraphs separated by newlines. Raises ExtractError."""
    check(html, url)
    tree = LexborHTMLParser(html)
    return "\n".join(trim(_generic(tree, read_head(tree)).lines)[0])


def _note(notes: dict[str, str], field: str, *found: tuple[_T, str]) -> _T:
    """Answer the first value that is not empty and note its way."""
    for value, way in found:
        if value:
            notes[field] = way
            return value
    return found[0][0]


def _subtitle(sheet: Sheet) -> tuple[str, str]:
    """Answer (subtitle, way); its lines are joined by newlines."""
    for selector in sheet.site.subtitle if sheet.site else ():
        node = sheet.find(selector)
        lines = block_lines(node) if node is not None else []
        if lines:
            return "\n".join(lines), "site"
    return plain(sheet.head.stated("alternativeHeadline")), "jsonld"


def _published(sheet: Sheet, lead: Lead) -> tuple[tuple[datetime | None, str], tuple[datetime | None, str]]:
    """Put the page's publish time before the lead's, but an image's upload time behind it."""
    stated, listed = facts.published(sheet), (lead.published_at, "lead")
    return (listed, stated) if stated[1] == "image-clock" else (stated, listed)


def _lead_authors(lead: Lead) -> tuple[str, ...]:
    return bylines(lead.author) or tuple(name for name in (person(lead.author),) if name)


def _body(sheet: Sheet) -> tuple[Text, str, float]:
    """Answer (text, way, confidence) of the body. Raises ExtractError at an outlet whose definition does not fit the page."""
    site = sheet.site
    for selector in site.body if site else ():
        node = sheet.find(selector)
        if node is not None and site is not None:
            text = read_blocks(node, site.drop, site.captions)
            if text.lines or text.captions:
                return text, "site", 1.0
    body = _generic(sheet.tree, sheet.head)
    text, stated = Text(body.lines, body.captions), _stated_body(sheet)
    found, way = (Text(stated), "jsonld") if _size(stated) > _FULLER * _size(text.lines) else (text, "generic")
    if site is not None and _size(found.lines) < site.check.body:
        raise ExtractError(sheet.url, f"no element of the page is the body that the definition {site.name} describes")
    return found, way, body.confidence


def _generic(tree: LexborHTMLParser, head: Head) -> Body:
    """Read the body without a definition; what metadata says helps to choose and to know the title again."""
    titles = (head.title, head.first("og:title"), head.stated("headline"))
    return generic_body(tree, titles, head.stated("articleBody"))


def _stated_body(sheet: Sheet) -> list[str]:
    """Answer the paragraphs of JSON-LD's articleBody."""
    paragraphs = (plain(line) for line in sheet.head.stated("articleBody").splitlines())
    return [line for line in paragraphs if line]


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))
