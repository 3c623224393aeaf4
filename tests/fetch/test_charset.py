from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.charset import Decoded, codec_of, decode
from tests.evidence import DATA

NEWS = "오픈AI·딥시크 소식, 한국 경제 — 똠방각하 펲시콜라 햏"
EUC_KR_ALIASES = [
    *("euc-kr", "EUC-KR", "euckr", "ks_c_5601-1987", "KS_C_5601-1987", "ksc5601", "ksc_5601", "x-windows-949"),
    *("windows-949", "cp949", "uhc", "ms949", "korean", "csksc56011987", "iso-ir-149", "ks_c_5601-1989"),
]


def _html(text: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<!doctype html><html><head>{meta}<title>{text}</title></head><body>{text}</body></html>"


def _index() -> Iterator[tuple[int, str]]:
    """Return pointers and letters of the Encoding Standard: each line holds a first pointer and letters in a row."""
    for line in (DATA / "euc-kr/index.txt").read_bytes().decode().removesuffix("\n").split("\n"):
        first, letters = line.split("\t")
        yield from enumerate(letters, int(first))


def test_whole_index_of_euc_kr() -> None:
    wrong: list[tuple[int, str]] = []
    index = list(_index())
    for pointer, letter in index:
        raw = bytes((pointer // 190 + 0x81, pointer % 190 + 0x41))
        for decoded in (decode(raw, "text/html; charset=euc-kr"), decode(b"<meta charset=euc-kr>" + raw)):
            wrong += [(pointer, letter)] if decoded.text.removeprefix("<meta charset=euc-kr>") != letter else []
    assert len(dict(index)) == 17_048
    assert wrong == []


@pytest.mark.parametrize("alias", EUC_KR_ALIASES)
def test_every_alias_of_euc_kr_means_cp949(alias: str) -> None:
    body = NEWS.replace("—", "-").encode("cp949")
    assert decode(body, f"text/html; charset={alias}") == Decoded(NEWS.replace("—", "-"), "cp949", "header")
    declared = decode(_html(NEWS.replace("—", "-"), alias).encode("cp949"))
    assert (declared.charset, declared.charset_from) == ("cp949", "declaration")
    assert codec_of(alias) == "cp949"


KOREAN = NEWS.replace("—", "-")


@pytest.mark.parametrize(
    ("body", "header", "charset", "evidence"),
    [
        (codecs.BOM_UTF8 + KOREAN.encode(), "text/html; charset=euc-kr", "utf-8", "bom"),
        (codecs.BOM_UTF16_LE + KOREAN.encode("utf-16-le"), "", "utf-16-le", "bom"),
        (codecs.BOM_UTF16_BE + KOREAN.encode("utf-16-be"), "text/html; charset=utf-8", "utf-16-be", "bom"),
        (KOREAN.encode(), "text/html; charset=UTF-8", "utf-8", "header"),
        (KOREAN.encode(), 'text/html; charset="utf-8"', "utf-8", "header"),
        (KOREAN.encode(), "text/html;CHARSET = 'utf8'; x=y", "utf-8", "header"),
        (KOREAN.encode("cp949"), "text/html; charset=euc-kr", "cp949", "header"),
        (KOREAN.encode(), "text/html", "utf-8", "utf-8"),
        (KOREAN.encode("cp949"), "text/html", "cp949", "cp949"),
        (KOREAN.encode("cp949"), "", "cp949", "cp949"),
        (_html(KOREAN, "euc-kr").encode("cp949"), "text/html", "cp949", "declaration"),
        (_html(KOREAN, "euc-kr").encode("cp949"), "text/html; charset=utf-8", "cp949", "declaration"),
        (_html(KOREAN, "utf-8").encode(), "text/html; charset=euc-kr", "utf-8", "declaration"),
        (_html(KOREAN, "euc-kr").encode(), "text/html", "utf-8", "utf-8"),  # declared euc-kr, is UTF-8
        (_html(KOREAN, "utf-8").encode("cp949"), "text/html", "cp949", "cp949"),  # declared UTF-8, is cp949
        (KOREAN.encode("cp949"), "text/html; charset=utf-8", "cp949", "cp949"),
        (KOREAN.encode(), "text/html; charset=cp949", "utf-8", "utf-8"),
        (KOREAN.encode(), "text/html; charset=iso-8859-1", "utf-8", "utf-8"),  # what Apache says by default
        (KOREAN.encode("cp949"), "text/html; charset=ISO-8859-1", "cp949", "cp949"),
        (_html(KOREAN, "euc-kr").encode("cp949"), "text/html; charset=iso-8859-1", "cp949", "declaration"),
        ("<html>café €</html>".encode("cp1252"), "text/html; charset=iso-8859-1", "cp1252", "header"),
        (f'<?xml version="1.0" encoding="euc-kr"?><a>{KOREAN}</a>'.encode("cp949"), "text/xml", "cp949", "declaration"),
        (f"<?xml version='1.0' encoding='UTF-8'?><a>{KOREAN}</a>".encode(), "", "utf-8", "declaration"),
        ("日本語のニュース".encode("cp932"), "text/html; charset=Shift_JIS", "cp932", "header"),
        ("日本語のニュース".encode("euc_jp"), "text/html; charset=euc-jp", "euc_jp", "header"),
        ("中文新闻，你好".encode("gb18030"), "text/html; charset=gb2312", "gb18030", "header"),
        ("中文新聞".encode("big5hkscs"), "text/html; charset=big5", "big5hkscs", "header"),
        (_html(KOREAN).encode("utf-16-le"), "text/html; charset=utf-16", "utf-16-le", "header"),
        (_html(KOREAN, "utf-16").encode(), "text/html", "utf-8", "declaration"),
        (b"plain", "text/html; charset=zip", "utf-8", "utf-8"),
        (KOREAN.encode(), "text/html; charset=idna", "utf-8", "utf-8"),
        (KOREAN.encode(), "text/html; charset=utf-7", "utf-8", "utf-8"),
        (KOREAN.encode(), "text/html; charset=", "utf-8", "utf-8"),
        (b"", "", "utf-8", "utf-8"),
        (b"", "text/html; charset=euc-kr", "cp949", "header"),
    ],
)
def test_ladder(body: bytes, header: str, charset: str, evidence: str) -> None:
    decoded = decode(body, header)
    assert (decoded.charset, decoded.charset_from) == (charset, evidence)
    assert "�" not in decoded.text
    assert decoded.text == body.decode(charset).removeprefix("\ufeff")


def test_old_meta_form() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr" />{KOREAN}'.encode("cp949")
    assert decode(page, "text/html") == Decoded(page.decode("cp949"), "cp949", "declaration")


def test_declaration_far_down_is_found_and_too_far_is_not() -> None:
    script = "<script>" + "x" * 5000 + "</script>"
    page = f"{script}<meta charset=shift_jis>{'日本語'}".encode("cp932")
    assert decode(page).charset == "cp932"
    assert decode(b" " * 9000 + page).charset != "cp932"


def test_one_broken_byte_does_not_spoil_a_page() -> None:
    for codec in ("utf-8", "cp949"):
        good = (KOREAN * 50).encode(codec)
        broken = good + b"\xff<" + good
        decoded = decode(broken, "text/html")
        assert (decoded.charset, decoded.charset_from) == (codec, "replaced")
        assert decoded.text.count(KOREAN) >= 99
        assert "�" in decoded.text


ITEM = "<item><title>{}</title><description><![CDATA[{}<br>둘째 줄]]></description></item>"


def _is_utf8(body: bytes) -> bool:
    return "�" not in body.decode("utf-8", "replace")


# What passes as UTF-8 is UTF-8: a few syllables of cp949 do (`타`, `회`), so that a text of nothing else cannot be told.
TEXTS = st.text(
    st.sampled_from("가나다마바사아자차카타파하뉴스기자오픈소식해솔김이박회호·, abc"), min_size=6, max_size=40
).filter(lambda text: sum("가" <= letter <= "힣" for letter in text) >= 4 and not _is_utf8(text.encode("cp949")))


@given(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=4), st.sampled_from(["utf-8", "euc-kr", ""]))
def test_one_item_in_another_charset_does_not_spoil_the_others(items: list[tuple[str, bool]], label: str) -> None:
    main, other = ("cp949", "utf-8") if label == "euc-kr" else ("utf-8", "cp949")
    parts = [(ITEM.format(text, text), other if foreign else main) for text, foreign in items]
    parts = [("<rss><title>해솔 소식과 새 뉴스, 그리고 오늘의 기사</title>" * 90, main), *parts]
    decoded = decode(b"".join(text.encode(charset) for text, charset in parts), f"text/xml; charset={label}")
    assert decoded.charset == main
    assert decoded.text == "".join(text for text, _ in parts)


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        ("인공지능 새 소식".encode("cp949"), "인공지능 새 소식"),
        ("똠방각하의 햏".encode("cp949"), "똠방각하의 햏"),
        ("해솔".encode() + b" " + "하늘상사".encode("cp949"), "해솔 하늘상사"),
        ("한국 경제".encode()[:-1], "한국 경�"),
        (b"caf\xe9 it\x92s", "caf� it�s"),
        ("日本語".encode("cp932"), None),
    ],
)
def test_a_piece_is_korean_in_cp949_or_nothing_but_utf8(piece: bytes, text: str | None) -> None:
    good = f"<title>{KOREAN}</title>".encode() * 9
    decoded = decode(good + b"<a>" + piece + b"</a>" + good)
    assert (decoded.charset, decoded.text.count(KOREAN)) == ("utf-8", 18)
    assert decoded.charset_from == ("replaced" if text is None or "�" in text else "pieces")
    assert text is None or f"<a>{text}</a>" in decoded.text


def test_a_document_of_countless_broken_pieces_is_read_as_a_whole() -> None:
    decoded = decode(
        KOREAN.encode() * 9 + b"<\xc7\xd1  " * 100_000 + KOREAN.encode() * 20_000, "text/xml; charset=utf-8"
    )
    assert (decoded.charset, decoded.charset_from) == ("utf-8", "replaced")


def test_nul_and_marks_do_not_come_out() -> None:
    assert decode(b"a\0b\0").text == "ab"
    assert decode(codecs.BOM_UTF8 + "한\0글".encode()).text == "한글"
    assert not decode(codecs.BOM_UTF8).text


def test_lone_surrogates_do_not_come_out() -> None:
    for body in (b"\xed\xa0\x80 x", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", codecs.BOM_UTF16_BE + b"\xdc\x00\x00a"):
        decode(body).text.encode("utf-8")


@given(st.binary(max_size=400), st.text(max_size=60))
def test_never_raises_and_is_always_storable(body: bytes, header: str) -> None:
    decoded = decode(body, header)
    decoded.text.encode("utf-8")
    assert "\0" not in decoded.text


@given(
    st.binary(max_size=200), st.sampled_from([*EUC_KR_ALIASES, "utf-8", "utf-16", "gbk", "big5", "latin1", "euc-jp"])
)
def test_any_bytes_under_any_label(body: bytes, label: str) -> None:
    decode(body, f"text/html; charset={label}").text.encode("utf-8")
    decode(f"<meta charset={label}>".encode() + body).text.encode("utf-8")


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=80))
def test_hangul_in_utf8_survives_every_wrong_label(text: str) -> None:
    body = _html(text).encode()
    for label in ("euc-kr", "iso-8859-1", "gbk", "shift_jis", "nonsense", "utf-16"):
        assert text in decode(body, f"text/html; charset={label}").text


@given(st.text(st.sampled_from("가나다라마바사아자차카타파하뉴스기자오픈똠햏펲 .,"), min_size=4, max_size=80))
def test_hangul_in_cp949_survives_a_utf8_label(text: str) -> None:
    body = _html("한국 " + text).encode("cp949")
    assert text in decode(body, "text/html; charset=utf-8").text


def test_quirk_feeds_keep_their_titles() -> None:
    folder = DATA / "quirk-feeds"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    for name in ("declared_euckr_is_utf8", "declared_utf8_is_cp949", "euckr_declared", "euckr_header_only", "utf8_bom"):
        decoded = decode((folder / f"{name}.xml").read_bytes(), expected[name]["content_type"])
        assert expected[name]["title"] in decoded.text, name
    syllables = decode((folder / "euckr_declared_cp949_syllables.xml").read_bytes(), "text/xml")
    assert "똠햏" in syllables.text


def test_declaration_search_is_fast_on_hostile_starts() -> None:
    for start in (b"<meta " * 2000, b"<?xml " * 2000, b"<meta charset" * 1000, b"<meta charset=" + b" " * 9000):
        assert decode(start).charset == "utf-8"
