"""The alias groups that are shipped find what they name, in sentences as people write them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from monitor.match.rule_check import check_rules
from monitor.match.ruleset import compile_rules
from monitor.match.words.korean import final_sound
from monitor.match.words.variants import spellings
from monitor.model.plan import Rule
from monitor.service.configuration import load
from tests.match.cases import body
from tests.match.test_ruleset import seed

PLAN = load(Path(__file__).parents[2] / "config", {}).plan
ALIASES = PLAN.aliases
SPELLINGS = [(name, spelling) for name, listed in ALIASES.items() for spelling in listed]
SEED_NAMES = {
    *("deepseek", "openai", "deep-research", "altman", "perplexity", "microsoft", "meta"),
    *("aws", "kakao", "skt", "kt", "lgu", "samsung", "krafton"),
}


def plain(spelling: str) -> str:
    """Return a spelling as it stands in a text."""
    return spelling.removeprefix("case(").removesuffix(")").replace("|", "")


def found(name: str, text: str) -> list[str]:
    hits = compile_rules([Rule("r", "r", f"@{name}")], ALIASES).match(body(text))
    return [match.surface for _, matches in hits for match in matches]


@pytest.mark.parametrize(("name", "spelling"), SPELLINGS)
def test_a_spelling_is_found_with_particles_quotes_and_company(name: str, spelling: str) -> None:
    word = plain(spelling)
    vowel = final_sound(word[-1]) == "v"
    subject, topic, with_ = ("가", "는", "와") if vowel else ("이", "은", "과")
    text = (
        f"{word}{subject} 5일 밝혔다. {word}{topic} 서울에서 행사를 연다. 한국은 {word}{with_} 협력한다. "
        f"'{word}'에서는 말을 아꼈다. {word}의 모델, {word} 대표, {word}까지도 ({word}) {word}·한국"
    )
    assert found(name, text) == [word] * 9


@pytest.mark.parametrize(("name", "spelling"), [one for one in SPELLINGS if "(" not in one[1]])
def test_blanks_and_hyphens_at_joints_change_nothing(name: str, spelling: str) -> None:
    for variant in spellings(spelling):
        assert found(name, f"어제 {variant}에서 왔다.") == [variant]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deepseek", "딥시호가 출항했다. 심해를 찾아서(deep-sea seeking)."),
        ("openai", "오픈에어 축제와 오픈마켓, open air"),
        ("stargate", "스타벅스 게이트볼 스타트"),
        ("microsoft", "응답 시간은 5 ms다. SMS를 보냈다. MSI 노트북"),
        ("meta", "메타버스와 메타데이터, 메타인지, meta analysis"),
        ("aws", "laws and awscli"),
        ("kakao", "카카오톡과 카카오뱅크, 카카오페이"),
        ("skt", "SK하이닉스가"),
        ("kt", "KTX를 탔다. KT&G는 담배 회사다."),
        ("lgu", "LG전자와 LG화학"),
        ("samsung", "삼성동에서 만났다."),
        ("altman", "알트만두를 먹었다."),
        ("deep-research", "딥러닝 연구"),
    ],
)
def test_neighbours_are_left_alone(name: str, text: str) -> None:
    assert found(name, text) == []


def test_the_shipped_lists_are_without_doubt() -> None:
    rules = [*PLAN.rules, *(Rule(f"r{n}", name, f"@{name}") for n, name in enumerate(ALIASES))]
    assert check_rules(rules, ALIASES) == ()


def test_the_first_article_gives_the_same_three_hits(seed_text: str) -> None:
    article = seed(seed_text)
    hits = compile_rules(PLAN.rules, ALIASES).match(article)
    assert [(rule_id, len(matches)) for rule_id, matches in hits] == [("deepseek", 10), ("openai", 11), ("stargate", 3)]


def test_every_name_of_the_first_article_is_found(seed_text: str) -> None:
    article = seed(seed_text)
    rules = compile_rules([Rule(name, name, f"@{name}") for name in ALIASES], ALIASES)
    counts = Counter({rule_id: len(matches) for rule_id, matches in rules.match(article)})
    assert counts.keys() >= SEED_NAMES
    assert counts["kakao"] >= 2
