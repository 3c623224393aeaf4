from __future__ import annotations

import gzip
import zlib

import brotli  # type: ignore[import-untyped]  # no stubs are published
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure
from monitor.net.inflate import inflater

PACKERS = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress, "": bytes}
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>예시일보</title></channel></rss>'.encode()


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _inflate(encoding: str, pieces: list[bytes], room: int = 1 << 20) -> bytes:
    decoder = inflater(encoding)
    body = b"".join(decoder.feed(piece, room) for piece in pieces)
    decoder.finish()
    return body


def _outcome(encoding: str, packed: bytes) -> FetchReason | None:
    try:
        _inflate(encoding, [packed])
    except Failure as failure:
        return failure.reason
    return None


@given(st.sampled_from(["gzip", "br", "deflate", ""]), st.binary(max_size=5000), st.integers(1, 700))
def test_any_cut_gives_the_same_bytes(encoding: str, body: bytes, step: int) -> None:
    packed = PACKERS[encoding](body)
    assert _inflate(encoding, [packed[at : at + step] for at in range(0, len(packed), step)]) == body


@given(st.sampled_from(["gzip", "br", "deflate"]), st.binary(max_size=300))
def test_rubbish_is_refused_or_decoded_but_never_crashes(encoding: str, rubbish: bytes) -> None:
    assert _outcome(encoding, rubbish) in {None, FetchReason.BAD_ENCODING}


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5), st.integers(1, 50))
def test_gzip_members_follow_each_other(parts: list[bytes], step: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts)
    assert _inflate("gzip", [packed[at : at + step] for at in range(0, len(packed), step)]) == b"".join(parts)


def test_bytes_after_the_last_member_are_ignored() -> None:
    packed = gzip.compress(b"text")
    assert _inflate("gzip", [packed + b"\0\0rubbish"]) == b"text"
    assert _inflate("gzip", [packed, b"rubbish", b"\x1f\x8b more"]) == b"text"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_room_bounds_what_one_step_makes(encoding: str) -> None:
    packed = PACKERS[encoding](bytes(5_000_000))
    made = inflater(encoding).feed(packed, 100_000)
    assert 100_000 <= len(made) < 300_000


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_missing_end_is_an_error_that_may_pass(encoding: str) -> None:
    packed = PACKERS[encoding](bytes(range(256)) * 50)
    with pytest.raises(Failure) as caught:
        _inflate(encoding, [packed[:-4]])
    assert caught.value.reason is FetchReason.BAD_ENCODING
    assert caught.value.transient


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", ""])
def test_empty_body_is_empty(encoding: str) -> None:
    assert _inflate(encoding, []) == b""
    assert _inflate(encoding, [b""]) == b""


@pytest.mark.parametrize("header", ["br, gzip, br", "zstd", "compress", "dcz, gzip"])
def test_what_was_not_offered_is_refused(header: str) -> None:
    with pytest.raises(Failure) as caught:
        _inflate(header, [b"\x28\xb5\x2f\xfd" + bytes(40)])
    assert caught.value.reason is FetchReason.BAD_ENCODING


@pytest.mark.parametrize("header", ["zstd", "compress", "exi"])
def test_what_was_not_offered_and_plainly_is_not_packed_is_read(header: str) -> None:
    assert _inflate(header, [FEED]) == FEED


@pytest.mark.parametrize("header", ["utf-8", "none", "UTF-8, identity", "chunked", "text", "*"])
@given(body=st.binary(max_size=300))
def test_a_name_that_is_none_of_a_coding_says_nothing(header: str, body: bytes) -> None:
    assert _inflate(header, [body]) == body


@given(
    st.lists(st.sampled_from(["gzip", "br", "deflate"]), min_size=2, max_size=2),
    st.binary(max_size=5000),
    st.integers(1, 700),
)
def test_of_two_codings_the_last_one_named_is_taken_off_first(names: list[str], body: bytes, step: int) -> None:
    packed = PACKERS[names[1]](PACKERS[names[0]](body))
    assert _inflate(", ".join(names), [packed[at : at + step] for at in range(0, len(packed), step)]) == body


def test_what_lies_between_two_codings_is_bounded() -> None:
    assert _outcome("gzip, gzip", gzip.compress(bytes(40_000_000))) is FetchReason.BAD_ENCODING
    twice = gzip.compress(gzip.compress(bytes(40_000_000)))
    assert len(inflater("gzip, gzip").feed(twice, 1000)) <= 2000


@pytest.mark.parametrize("header", ["GZIP", " gzip ", "x-gzip", "identity, gzip", "gzip,", "gzip;q=1"])
def test_spellings_of_gzip(header: str) -> None:
    decoder = inflater(header)
    assert decoder.feed(gzip.compress(b"a"), 10) == b"a"


def test_zlib_stream_is_not_gzip() -> None:
    with pytest.raises(Failure):
        _inflate("gzip", [zlib.compress(b"a")])


@given(st.text(max_size=3000), st.sampled_from(["<", "\ufeff<", "{", "[", "\n "]), st.integers(1, 700))
def test_a_bare_deflate_stream_is_read_however_it_is_cut(text: str, opening: str, step: int) -> None:
    body = (opening + text).encode()
    packed = _bare(body)
    assert _inflate("deflate", [packed[at : at + step] for at in range(0, len(packed), step)]) == body


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
@pytest.mark.parametrize(
    "body",
    [
        FEED,
        b"\xef\xbb\xbf" + FEED,
        b"\r\n  <!DOCTYPE html><html><head><title>news</title></head><body><p>text</p></body></html>" * 3,
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "news", "items": []}' * 3,
        b'[{"title": "news", "url": "/1"}, {"title": "more news", "url": "/2"}]' * 3,
        FEED.decode().encode("utf-16"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 5000])
def test_a_document_that_plainly_is_not_packed_is_read_as_it_is(encoding: str, body: bytes, step: int) -> None:
    assert _inflate(encoding, [body[at : at + step] for at in range(0, len(body), step)]) == body


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_binary_that_is_not_packed_stays_refused(encoding: str) -> None:
    for body in (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, b"\xff\xd8\xff\xe0" + bytes(range(255, 0, -1)) * 4):
        assert _outcome(encoding, body) is FetchReason.BAD_ENCODING


def test_a_packed_body_that_breaks_later_is_not_taken_for_text() -> None:
    packed = gzip.compress(FEED * 100)
    broken = packed[:40] + bytes(200) + packed[240:]
    assert _outcome("gzip", broken) is FetchReason.BAD_ENCODING
