"""The optional analyser: what it is asked, and that its answers are kept. Skips where the package is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.match.ruleset import compile_rules
from monitor.match.words import kiwi
from monitor.match.words.boundary import Needle, judge
from monitor.match.words.kiwi import KiwiAnalyser
from monitor.model.errors import MonitorError
from monitor.model.plan import Rule
from tests.evidence import need_analyser
from tests.match.cases import body


@pytest.fixture(scope="module")
def analyser() -> KiwiAnalyser:
    need_analyser()
    return KiwiAnalyser()


@pytest.fixture
def decided(analyser: KiwiAnalyser) -> Callable[..., tuple[bool, str]]:
    def decide(term: str, text: str, mode: str = "word") -> tuple[bool, str]:
        start = text.index(term)
        needle = Needle(term, term, mode)  # type: ignore[arg-type]  # a mode
        guess = judge(text, start, start + len(term), needle)
        verdict = analyser.decide(text, start, start + len(term), needle, guess)
        return verdict.accepted, verdict.reason

    return decide


@pytest.mark.parametrize(
    ("term", "text", "answer"),
    [
        ("피해", "배도 얼음을 피해 밖으로 나갔다.", (False, "analyser")),
        ("검은돈", "검은돈이 흘러갔다.", (True, "particle 이")),
        ("미국인", "승자는 미국인 듯하다.", (True, "bare")),
        ("큰손", "큰손이 움직였다.", (True, "particle 이")),
        ("피해", "지진 피해 규모가 커졌다.", (True, "bare")),
        ("잡지", "그는 공을 잡지 않고 기다렸다.", (False, "analyser")),
        ("잡지", "월간 잡지를 샀다.", (True, "particle 를")),
        ("카카오", "카카오 주가가 올랐다.", (True, "bare")),
        ("딥시크", "딥시크를 내려받았다.", (True, "particle 를")),
    ],
)
def test_homonyms_are_told_apart_by_their_sentence(
    decided: Callable[..., tuple[bool, str]], term: str, text: str, answer: tuple[bool, str]
) -> None:
    assert decided(term, text) == answer


def test_members_of_compounds_are_looked_at(decided: Callable[..., tuple[bool, str]]) -> None:
    assert decided("발전", "수력발전소를 지었다.", "compound")[0] is False
    assert decided("연금", "국민연금을 받는다.", "compound")[0] is True


def test_names_are_not_asked_about(analyser: KiwiAnalyser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyser, "_analyses", pytest.fail)
    needle = Needle("딥시크", "딥시크")
    guess = judge("딥시크 쇼크", 0, 3, needle)
    assert analyser.decide("딥시크 쇼크", 0, 3, needle, guess) is guess


def test_a_window_is_read_once(analyser: KiwiAnalyser, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = compile_rules([Rule("r", "r", "피해")], {}, analyser)
    article = body("얼음을 피해 갔다.")
    assert not rules.match(article)
    monkeypatch.setattr(analyser, "_analyses", pytest.fail)
    assert not rules.match(article)


def test_the_cache_is_bounded(analyser: KiwiAnalyser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiwi, "_CACHED", 3)
    monkeypatch.setattr(analyser, "_windows", type(analyser._windows)())
    rules = compile_rules([Rule("r", "r", "피해")], {}, analyser)
    for number in range(6):
        rules.match(body(f"{number}번째 피해 규모"))
    assert len(analyser._windows) == 3


def test_rule_sets_with_and_without_it_have_different_versions(analyser: KiwiAnalyser) -> None:
    rule = Rule("r", "r", "피해")
    assert compile_rules([rule], {}, analyser).version != compile_rules([rule], {}).version


def test_without_the_package_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(MonitorError, match="kiwipiepy"):
        KiwiAnalyser()
