"""Signatures: small, the same everywhere, readable again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.rarity import shipped
from monitor.cluster.signature import KEPT, KEYS, sign, unpack
from monitor.cluster.terms import LEAD
from monitor.model.article import Article
from tests.patience import PATIENCE

ARTICLE = Article(
    "k",
    "https://news.example/k",
    "herald",
    "[속보] 오픈AI, 서울에 사무소 연다",
    datetime(2026, 11, 5, tzinfo=UTC),
    body="(서울=한빛) 홍길동 기자 = 오픈AI는 5일 서울에 사무소를 열고 직원 30명으로 시작한다고 밝혔다.",
)
PRINT = """
from tests.cluster.test_signature import ARTICLE
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
print(sign(ARTICLE, shipped()).packed.hex())
"""


def test_it_is_small_and_reads_back() -> None:
    signature = sign(replace(ARTICLE, body=ARTICLE.body + "".join(map(chr, range(0xAC00, 0xAC00 + 1_000)))), shipped())
    told = unpack(signature.packed)
    assert len(signature.packed) < 1_000
    assert (len(told.terms), len(signature.keys)) == (KEPT, KEYS)
    assert set(signature.keys) <= set(told.terms)
    assert max(told.terms.values()) == 255
    assert told.headline == signature.headline != 0


@pytest.mark.slow
def test_every_process_makes_the_same_bytes() -> None:
    other = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert other.stdout.strip() == sign(ARTICLE, shipped()).packed.hex()


def test_stage_flags_and_bylines_change_nothing() -> None:
    plain = replace(ARTICLE, title="오픈AI, 서울에 사무소 연다", body=ARTICLE.body.partition(" = ")[2] + " ⓒ 한빛일보")
    assert sign(plain, shipped()) == sign(ARTICLE, shipped())


def test_the_headline_weighs_more_than_the_lead_and_that_more_than_the_tail() -> None:
    told = replace(ARTICLE, title="쀓뷃", body=f"뷁쀍 {'다고 ' * LEAD}쁇쁋")
    weights = unpack(sign(told, shipped()).packed).terms
    top, lead, tail = (weights[crc32(term.encode())] for term in ("쀓뷃", "뷁쀍", "쁇쁋"))
    assert 255 == top > lead > tail > 0


def test_a_subtitle_stands_in_for_a_missing_body() -> None:
    bare = replace(ARTICLE, body="", subtitle="직원 30명으로 시작")
    assert (
        unpack(sign(bare, shipped()).packed).terms
        == unpack(sign(replace(bare, body=bare.subtitle, subtitle=""), shipped()).packed).terms
    )


@pytest.mark.parametrize("title", ["", "[속보]", "부고"])
def test_a_headline_that_tells_nothing_has_no_number(title: str) -> None:
    assert sign(replace(ARTICLE, title=title), shipped()).headline == 0


def test_nothing_gives_an_empty_signature() -> None:
    signature = sign(replace(ARTICLE, title="", body=""), shipped())
    told = unpack(signature.packed)
    assert signature.keys == ()
    assert (told.terms, told.slots, told.norm) == ({}, {}, 0.0)


@given(st.text(max_size=200), st.text(max_size=600))
def test_any_article_can_be_signed(title: str, body: str) -> None:
    signature = sign(replace(ARTICLE, title=title, body=body), shipped())
    told = unpack(signature.packed)
    assert len(told.terms) <= KEPT
    assert all(1 <= weight <= 255 for weight in told.terms.values())
    assert all(0 <= key < 2**32 for key in signature.keys)
    assert -(2**63) <= signature.headline < 2**63
