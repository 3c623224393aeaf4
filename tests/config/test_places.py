"""Paths to places."""

from __future__ import annotations

import pytest

from monitor.config.places import Places, Spot


@pytest.fixture
def root() -> Spot:
    text = Spot("r.yaml", 3, 9, raw="a OR b", inner=10)
    item = Spot("r.yaml", 2, 5, children={"match": text}, keys={"match": (3, 2)})
    return Spot("folder", 0, 0, children={"rules": Spot("r.yaml", 1, 1, children={"ai": item})})


def test_a_value_is_found_by_its_path(root: Spot) -> None:
    problem = Places(root).problem(("rules", "ai", "match"), "bad", "mend", "X001")
    assert str(problem) == "r.yaml:3:9: bad (mend)"
    assert problem.code == "X001"


@pytest.mark.parametrize(
    ("path", "line"),
    [(("rules", "ai", "name"), 2), (("rules", "ai", "match", 4), 3), (("rules", "gone"), 1), (("gone", 1), 0), ((), 0)],
)
def test_the_nearest_thing_stands_in_for_what_is_missing(root: Spot, path: tuple[str | int, ...], line: int) -> None:
    assert Places(root).problem(path, "bad").line == line


def test_an_offset_points_into_the_text(root: Spot) -> None:
    places = Places(root)
    assert places.problem(("rules", "ai", "match"), "bad", offset=2).column == 12
    assert places.problem(("rules", "ai", "match"), "bad").column == 9
    assert places.problem(("rules", "ai", "name"), "bad", offset=2).column == 5


def test_keys_have_places_of_their_own(root: Spot) -> None:
    found = root.key_problem(("rules", "ai", "match"), "bad")
    assert (found.line, found.column) == (3, 2)
    missing = root.key_problem(("rules", "ai", "gone"), "bad")
    assert (missing.line, missing.column) == (2, 5)


def test_what_was_written_stays_out_of_repr(root: Spot) -> None:
    assert "a OR b" not in repr(Places(root)) + repr(root) + repr(
        root.children["rules"].children["ai"].children["match"]
    )
