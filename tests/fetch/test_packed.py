from __future__ import annotations

import gzip

import pytest

from monitor.fetch.packed import is_packed, unpack
from monitor.model.errors import FetchError, FetchReason

URL = "https://paper.example/sitemap.xml.gz"


def test_a_gzip_file_is_known_by_its_first_bytes() -> None:
    assert is_packed(gzip.compress(b"<urlset/>"))
    assert not is_packed(b"<urlset/>")
    assert not is_packed(b"")


def test_it_is_unpacked_up_to_the_limit_and_not_a_byte_further() -> None:
    body = gzip.compress(b"a" * 1000) + gzip.compress(b"b")
    assert unpack(body, URL, 1001) == b"a" * 1000 + b"b"
    with pytest.raises(FetchError) as caught:
        unpack(body, URL, 1000)
    assert caught.value.reason is FetchReason.TOO_LARGE


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    with pytest.raises(FetchError) as caught:
        unpack(gzip.compress(bytes(50_000_000)), URL, 10_000)
    assert caught.value.reason is FetchReason.TOO_LARGE


@pytest.mark.parametrize(
    "body", [gzip.compress(b"text" * 99, mtime=0)[:-9], b"\x1f\x8b\x08rubbish"], ids=["cut", "rubbish"]
)
def test_a_broken_file_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        unpack(body, URL, 10_000)
    assert caught.value.reason is FetchReason.BAD_ENCODING
