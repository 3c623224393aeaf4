"""Bytes to text, the way Korean pages really are: labels lie, and every euc-kr label means cp949.

The ladder: byte order mark, HTTP header, declaration in the document (XML or meta), strict UTF-8, cp949. A rung counts
only when the whole body decodes strictly under it; where none does, each piece between two tags is read by itself: one
item in another charset does not spoil a feed. The codecs are a fixed list: `zip`, `idna` and the like are names
that Python knows and no page may use. Labels follow the WHATWG Encoding Standard, where latin-1 means windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

PEEK = 8192  # bytes searched for a declaration; real pages put scripts before their meta tag

_CODECS: dict[str, tuple[str, ...]] = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8", "utf-8n", "utf8mb4"),
    "cp949": (
        *("euc-kr", "euckr", "euc_kr", "cp949", "949", "ms949", "uhc", "windows-949", "x-windows-949", "korean"),
        *("ks_c_5601-1987", "ks_c_5601-1989", "ks_c_5601", "ksc5601", "ksc_5601", "ks-c-5601-1987", "ks_c5601-1987"),
        *("ks_x_1001", "ksx1001", "iso-ir-149", "csksc56011987", "cseuckr", "x-euc-kr"),
    ),
    "utf-16-le": ("utf-16", "utf-16le", "ucs-2", "unicode", "iso-10646-ucs-2"),
    "utf-16-be": ("utf-16be", "unicodefffe"),
    "cp1252": (
        "windows-1252",
        "cp1252",
        "x-cp1252",
        "iso-8859-1",
        "iso8859-1",
        "latin1",
        "latin-1",
        "l1",
        "ascii",
        "us-ascii",
        "iso_8859-1",
        "ansi_x3.4-1968",
    ),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji", "cp932"),
    "euc_jp": ("euc-jp", "x-euc-jp"),
    "gb18030": ("gb18030", "gbk", "gb2312", "x-gbk", "cp936", "ms936"),
    "big5hkscs": ("big5", "big5-hkscs", "cn-big5", "x-x-big5"),
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels}

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_HEADER = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([^\s"';,]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,256}?encoding\s{0,9}=\s{0,9}["']\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,512}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HANGUL = re.compile("[가-힣]")
# Syllables of KS X 1001, its signs, which any text may hold, and what is rare in Korean.
_PAIRS = re.compile(
    rb"(?P<common>(?:[\xb0-\xc8][\xa1-\xfe])+)|(?:[\xa1-\xa9][\xa1-\xfe])+|(?P<rare>[\x81-\xfe][\x41-\xfe])"
)
_MOST_PIECES = 250_000  # tags and words of a document whose pieces are read one by one


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without NUL or lone surrogates. `charset` is the Python codec used.

    `charset_from` is the evidence: bom | header | declaration | utf-8 | cp949 | latin | pieces (each was read by itself,
    most of them as `charset`) | replaced (nothing fitted; bytes that make no sense became U+FFFD).
    """

    text: str = field(repr=False)
    charset: str
    charset_from: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a document; `content_type` is its HTTP header. Never raises."""
    rungs = tuple(_rungs(body, content_type))
    for codec, source in rungs:
        text = _strictly(body, codec, source)
        if text is not None:
            return Decoded(_without_forbidden(text, codec), codec, source)
    return _least_bad(body, rungs)


def codec_of(label: str) -> str | None:
    """Return the codec that a charset label stands for, None when it is not on the list."""
    return _BY_LABEL.get(label.strip().strip("\"'").lower())


def _rungs(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """Return (codec, evidence), best first. A claim of latin-1 fits any bytes, so it waits until the others failed."""
    claims = tuple(_claims(body, content_type))
    yield from (claim for claim in claims if claim[0] != "cp1252")
    yield ("utf-8", "utf-8")
    yield ("cp949", "cp949")
    yield from (claim for claim in claims if claim[0] == "cp1252")
    yield ("cp1252", "latin")


def _claims(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            yield (codec, "bom")
    header = _HEADER.search(content_type[:512])
    codec_in_header = codec_of(header.group(1)) if header else None
    if codec_in_header is not None:
        yield (codec_in_header, "header")
    declared = _declared(body[:PEEK])
    if declared is not None:
        yield (declared, "declaration")


def _declared(start: bytes) -> str | None:
    found = _XML.search(start) or _META.search(start)
    if found is None:
        return None
    codec = codec_of(found.group(1).decode("ascii", "replace"))
    return "utf-8" if codec in {"utf-16-le", "utf-16-be"} else codec  # it could not have been read otherwise


def _strictly(body: bytes, codec: str, source: str) -> str | None:
    """Decode under one rung; None when the bytes, or what is in them, speak against it."""
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        return None
    if codec.startswith("utf-16") and source != "bom" and b"\0" not in body[:PEEK]:
        return None  # nearly any bytes of even length are UTF-16; markup in UTF-16 is full of NULs
    if codec not in {"utf-8", "utf-16-le", "utf-16-be"} and not body.isascii() and _is_korean_utf8(body):
        return None
    if source == "latin" and not body.isascii():
        return None  # without a claim, latin-1 is a guess no better than replacing
    return text


def _is_korean_utf8(body: bytes) -> bool:
    """Korean UTF-8 may pass as cp949 rubbish, but no text in cp949 passes as UTF-8 with Hangul in it."""
    try:
        return _HANGUL.search(body.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _least_bad(body: bytes, rungs: tuple[tuple[str, str], ...]) -> Decoded:
    codecs_tried = dict.fromkeys(codec for codec, _ in rungs if codec != "cp1252" and not codec.startswith("utf-16"))
    texts = {codec: body.decode(codec, "replace") for codec in codecs_tried}
    best = min(texts, key=lambda codec: texts[codec].count("�"))
    text, source = texts[best], "replaced"
    if best in {"utf-8", "cp949"} and body.count(b"<") + body.count(b" ") <= _MOST_PIECES:
        text = "<".join([_piece(piece, best) for piece in body.split(b"<")])
        source = "replaced" if "�" in text else "pieces"
    return Decoded(_without_forbidden(text, best), best, source)


def _piece(piece: bytes, main: str) -> str:
    """Decode what stands between two tags, as UTF-8 or cp949: the whole of it, else each word."""
    text = _fitting(piece, main)
    if text is not None:
        return text
    words = ((word, _fitting(word, main)) for word in piece.split(b" "))
    return " ".join([word.decode(main, "replace") if text is None else text for word, text in words])


def _fitting(piece: bytes, main: str) -> str | None:
    """Return the text of a piece in the document's charset, else in the other one; None where it fits neither."""
    for codec in (main, "cp949" if main == "utf-8" else "utf-8"):
        try:
            text = piece.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or piece.isascii() or _is_common_korean(piece):
            return text
    return None


def _is_common_korean(piece: bytes) -> bool:
    """Return whether bytes that decode as cp949 are Korean: damaged UTF-8 and lone Latin letters make rare syllables."""
    common = rare = 0
    for pairs in _PAIRS.finditer(piece):
        common += len(pairs["common"] or b"")
        rare += len(pairs["rare"] or b"")
    return common > rare


def _without_forbidden(text: str, codec: str) -> str:
    """Return decoded bytes as text that every reader takes: no byte order mark, no NUL, no lone surrogate."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if codec in _SOUND else _SURROGATE.sub("�", text)


_SOUND = frozenset(("utf-8", "cp949", "cp1252"))  # their decoders cannot make a surrogate
