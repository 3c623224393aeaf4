"""The files of the pages: named after their contents, compressed where that is wanted, and no others."""

from __future__ import annotations

import gzip
from hashlib import sha256

import pytest

from monitor.web.pages.assets import HTMX, address, assets
from tests.web.pages.shown import Browser

FILES = ("desk.css", "desk.js", "htmx.min.js")


def test_htmx_is_the_one_that_its_project_published() -> None:
    assert sha256(assets()["htmx.min.js"].body).hexdigest() == HTMX


@pytest.mark.parametrize("name", FILES)
async def test_a_file_is_kept_for_as_long_as_it_is_the_same(browser: Browser, name: str) -> None:
    browser.scope = None
    plain = await browser.get(address(name))
    packed = await browser.get(address(name), **{"accept-encoding": "br, gzip;q=0.8"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert (await browser.get(f"/assets/elsewhere/{name}")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "..%2fassets.py", "assets.py", "%2e%2e", "desk.css%00", "a" * 200])
async def test_there_are_no_others(browser: Browser, name: str) -> None:
    assert (await browser.get(f"/assets/x/{name}")).status == 404
    assert set(assets()) == set(FILES), "nothing is kept of what strangers ask for"


def test_a_page_weighs_little() -> None:
    weights = {name: len(found.packed) for name, found in assets().items()}
    assert sum(weights.values()) < 24_000, weights
