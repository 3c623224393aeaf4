"""The invented news is plausible, repeatable, and knows what it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.replica.korean import Word, particle
from tests.replica.piece import SURFACES, Piece
from tests.replica.seed import BYLINE, NUMBER, seed_piece
from tests.replica.writer import Writer

NOW = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)
ANY_SURFACE = re.compile("|".join(surface for surfaces in SURFACES.values() for surface in surfaces))


def counted(piece: Piece) -> int:
    """Count the surfaces in the four fields by brute force."""
    text = "\n".join([piece.title, piece.subtitle, *piece.paragraphs, piece.caption])
    return len(ANY_SURFACE.findall(text))


def test_the_same_seed_writes_the_same_pieces_and_another_writes_others() -> None:
    assert Writer(3).day(20, NOW) == Writer(3).day(20, NOW)
    assert {piece.title for piece in Writer(3).day(20, NOW)} != {piece.title for piece in Writer(4).day(20, NOW)}


@given(seed=st.integers(0, 10_000), rate=st.sampled_from([0.0, 0.5, 1.0]))
def test_mentions_are_exactly_what_the_text_holds(seed: int, rate: float) -> None:
    for piece in Writer(seed, rate=rate).day(5, NOW):
        assert counted(piece) == len(piece.mentions) == sum(piece.terms.values())
        fields = {"title": piece.title, "body": "\n".join(piece.paragraphs), "caption": piece.caption}
        for mention in piece.mentions:
            assert mention.surface in fields[mention.field]
            assert mention.surface in SURFACES[mention.term]


def test_the_rate_decides_how_many_pieces_mention_a_term() -> None:
    pieces = Writer(5, rate=0.1).day(1000, NOW)
    assert 60 <= sum(bool(piece.mentions) for piece in pieces) <= 140


def test_terms_can_be_asked_for_and_refused() -> None:
    writer = Writer(5, rate=1.0)
    assert set(writer.piece(NOW, terms=("openai", "stargate")).terms) == {"openai", "stargate"}
    assert writer.piece(NOW, terms=()).terms == {}


def test_decoys_only_begin_like_a_term() -> None:
    pieces = Writer(5, rate=0.0, decoy_rate=1.0).day(40, NOW)
    assert all(piece.mentions == () for piece in pieces)
    assert any("딥시크릿" in line for piece in pieces for line in piece.paragraphs)


def test_numbers_grow_and_times_are_in_order_and_aware() -> None:
    pieces = Writer(5, first=100).day(50, NOW)
    numbers = [piece.number for piece in pieces]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 100
    assert numbers[-1] <= 250
    assert [piece.published_at for piece in pieces] == sorted(piece.published_at for piece in pieces)
    assert pieces[-1].published_at == NOW
    assert pieces[-1].kst == "2025-02-05 14:21:33"


def test_every_template_is_filled_and_no_sentence_is_said_twice() -> None:
    for piece in Writer(9, rate=0.0).day(200, NOW):
        text = "\n".join([piece.title, piece.subtitle, *piece.paragraphs, piece.caption])
        assert "{" not in text
        assert "}" not in text
        assert len(piece.paragraphs) >= 9
        assert len(set(piece.paragraphs)) == len(piece.paragraphs)
        assert sum(map(len, piece.paragraphs)) > 500


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("딥시크", "은는", "는"),
        ("오픈AI", "이가", "가"),
        ("해솔", "을를", "을"),
        ("해솔", "으로로", "로"),
        ("판교", "으로로", "로"),
        ("부산", "으로로", "으로"),
        ("R1", "은는", "은"),
        ("", "은는", "는"),
    ],
)
def test_particles_follow_the_last_syllable(word: str, pair: str, expected: str) -> None:
    assert particle(word, pair) == expected
    assert f"{Word(word):{pair}}" == word + expected


def test_the_seed_article_is_read_as_it_was_given(seed_text: str) -> None:
    piece = seed_piece(seed_text)
    assert piece.terms == {"deepseek": 10, "openai": 11, "stargate": 3}
    assert (piece.number, piece.kst) == (NUMBER, "2025-02-05 14:21:33")
    assert piece.title.startswith("카카오, 오픈AI와 ")
    assert piece.caption.endswith("사진=카카오 제공")
    assert piece.paragraphs[0].startswith("미국과 중국에")
    assert not any(BYLINE.search(line) or line.startswith("▲") for line in piece.paragraphs)
    assert sum(line.startswith("◆ ") for line in piece.paragraphs) == 1
