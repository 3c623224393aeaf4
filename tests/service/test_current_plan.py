"""Files -> a plan that works, or every fault of every stage at once."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.extract.definitions.catalog import sites, unsealed
from monitor.match.words.kiwi import KiwiAnalyser
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.service import current_plan
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, prepare, ready
from tests.evidence import need_analyser

SOURCES = "sources:\n  - {id: paper, name: 신문, kind: list, url: ['https://paper.example/list'], every: 5m}\n"
RULES = (
    "aliases: {openai: [OpenAI, 오픈AI]}\nrules:\n  - {id: openai, name: OpenAI, match: '@openai', channels: [desk]}\n"
)
CHANNELS = "channels:\n  - {id: desk, kind: webhook, url: ''}\n"


def write(folder: Path, sources: str = SOURCES, rules: str = RULES, channels: str = CHANNELS) -> Path:
    for name, text in (("sources", sources), ("rules", rules), ("channels", channels)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf8")
    return folder


def problems(folder: Path) -> tuple[ConfigProblem, ...]:
    with pytest.raises(ConfigError) as caught:
        prepare(read(folder, {}))
    return caught.value.problems


def test_the_shipped_configuration_is_without_fault_or_warning() -> None:
    prepared = prepare(read(Path(__file__).parents[2] / "config", {}))
    assert [rule.id for rule in prepared.plan.rules] == ["deepseek", "openai", "stargate"]
    assert prepared.warnings == ()


def test_a_good_folder_gives_a_plan_and_its_rules_together(tmp_path: Path) -> None:
    prepared = prepare(read(write(tmp_path), {}))
    current_plan = CurrentPlan(prepared)
    assert current_plan.current() == (prepared.plan, prepared.rules)
    other = prepare(read(write(tmp_path, rules=RULES.replace("OpenAI, 오픈AI", "OpenAI")), {}))
    assert other.plan.version != prepared.plan.version
    current_plan.replace(other)
    assert current_plan.current() == (other.plan, other.rules)


def test_faults_of_all_stages_come_at_once_in_order(tmp_path: Path) -> None:
    sources = (
        "sources:\n"
        "  - {id: a, kind: list, url: ['https://a.example/'], every: 5m, site: mediapan}\n"
        "  - {id: b, kind: list, url: ['https://b.example/'], every: 'cron \"61 * * * *\"'}\n"
        "  - {id: c, kind: lst, url: ['https://c.example/'], every: 5m}\n"
    )
    rules = RULES + "  - {id: broken, match: '(한국 OR', channels: [desk]}\n"
    found = problems(write(tmp_path, sources, rules))
    assert [(Path(one.file).name, one.line) for one in found] == [
        ("rules.yaml", 4),
        ("sources.yaml", 2),
        ("sources.yaml", 3),
        ("sources.yaml", 4),
    ]
    assert "mediapen" in found[1].hint


def test_a_rule_that_fails_its_own_tests_is_refused_at_its_line(tmp_path: Path) -> None:
    rules = RULES.replace(
        "channels: [desk]}",
        "channels: [desk],\n     tests: {match: [아무 말],\n             no_match: [오픈AI가 말했다]}}",
    )
    found = problems(write(tmp_path, rules=rules))
    assert [one.line for one in found] == [4, 5]
    assert all(one.code == "RUL001" for one in found)


def test_a_rule_is_not_blamed_for_a_faulty_alias(tmp_path: Path) -> None:
    rules = RULES.replace("[OpenAI, 오픈AI]", "7")
    (found,) = problems(write(tmp_path, rules=rules))
    assert found.line == 1


def test_an_expression_error_points_into_the_expression(tmp_path: Path) -> None:
    rules = "rules:\n  - {id: r, match: '한국 NEAR5 미국', channels: [desk]}\n"
    (found,) = problems(write(tmp_path, rules=rules))
    assert (found.line, found.column) == (2, 24)
    assert "NEAR/5" in found.hint


@pytest.mark.parametrize(
    ("match", "line", "column", "message", "hint"),
    [
        ("{any_of: [가나, {trm: 다라}]}", 2, 35, "unknown key `trm`", "did you mean term?"),
        ("{any_of: [가나, '@nobody']}", 2, 34, "no alias group @nobody", "known groups: none"),
        ("{any_of: [가나, no]}", 2, 34, "must be text", "quotation"),
        ("{near: [가나, 다라], within: 5.5}", 2, 37, "`within` must be a whole number", ""),
    ],
)
def test_a_fault_in_a_tree_points_at_its_key_or_value(
    tmp_path: Path, match: str, line: int, column: int, message: str, hint: str
) -> None:
    (found,) = problems(write(tmp_path, rules=f"rules:\n  - {{id: r, match: {match}, channels: [desk]}}\n"))
    assert (found.line, found.column, found.code) == (line, column, "RUL001")
    assert message in found.message
    assert hint in found.hint


def test_a_tree_is_put_in_force_and_passes_its_tests(tmp_path: Path) -> None:
    tests = "{match: [오픈AI가 딥시크를], no_match: [오픈AI 광고 딥시크]}"
    tree = "{any_of: ['@openai', 딥시크], none_of: [광고], min_count: 2}"
    rules = RULES.replace("'@openai'", tree).replace("channels: [desk]", f"channels: [desk], tests: {tests}")
    assert prepare(read(write(tmp_path, rules=rules), {})).warnings == ()


def test_doubts_are_warnings_at_the_rule_and_at_the_alias_group(tmp_path: Path) -> None:
    rules = (
        "aliases:\n  openai:\n    - OpenAI\n    - Open AI\n"
        "rules:\n  - id: r\n    match: '@openai OR prefix(메타)'\n    channels: [desk]\n"
    )
    found = prepare(read(write(tmp_path, rules=rules), {})).warnings
    assert [(one.line, one.column, one.code) for one in found] == [(7, 31, "RUL101"), (4, 7, "RUL101")]
    assert "메타버스" in found[0].message
    assert "found as 'OpenAI' already" in found[1].message


HOMONYM = (
    "rules:\n  - {id: r, match: 피해, channels: [desk], tests: {match: [지진 피해 규모가 커졌다.],"
    " no_match: [배도 얼음을 피해 밖으로 나갔다.]}}\n"
)


def with_analyser(folder: Path, word: str) -> Path:
    (folder / "monitor.yaml").write_text(f"# how it runs\nanalyser: {word}\n", encoding="utf8")
    return write(folder, rules=HOMONYM)


@pytest.fixture
def fresh() -> Iterator[None]:
    current_plan._kiwi.cache_clear()
    yield
    current_plan._kiwi.cache_clear()


def test_without_the_analyser_a_homonym_fails_its_test(tmp_path: Path) -> None:
    (found,) = problems(with_analyser(tmp_path, "none"))
    assert "얼음을 피해" in found.message


def test_the_analyser_tells_homonyms_apart_and_is_loaded_when_asked(tmp_path: Path) -> None:
    need_analyser()
    prepared = ready(read(with_analyser(tmp_path, "kiwi"), {}))
    assert isinstance(prepared.analyser, KiwiAnalyser)
    assert prepared.analyser._kiwi is not None
    assert prepare(read(tmp_path, {})).analyser is prepared.analyser, "its memory is paid once"
    plain = prepare(read(write(tmp_path), {}), analyse=False)
    assert plain.analyser is None
    assert plain.rules.version != prepare(read(tmp_path, {})).rules.version


@pytest.mark.usefixtures("fresh")
def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []
    library = type("Library", (), {"Kiwi": staticmethod(lambda: loaded.append(True))})
    monkeypatch.setattr("importlib.import_module", lambda _: library)
    with_analyser(tmp_path, "kiwi")
    write(tmp_path)
    assert prepare(read(tmp_path, {})).analyser is not None
    assert loaded == []
    ready(read(tmp_path, {}))
    assert loaded == [True]


@pytest.mark.usefixtures("fresh")
def test_an_analyser_that_is_not_installed_is_told_at_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def missing(name: str, package: str | None = None) -> object:
        if name.startswith("kiwipiepy"):
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr("importlib.import_module", missing)
    with_analyser(tmp_path, "kiwi")
    (found,) = problems(write(tmp_path))
    assert (Path(found.file).name, found.line, found.column, found.code) == ("monitor.yaml", 2, 11, "ANA001")
    assert "kiwipiepy" in found.message
    assert "make install-ko" in found.hint
    assert prepare(read(tmp_path, {}), analyse=False).analyser is None


def test_an_analyser_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with_analyser(tmp_path, "mecab")
    (found,) = problems(write(tmp_path))
    assert (found.line, found.code) == (2, "CFG014")
    assert "none, kiwi" in found.message


SITES = """
sites:
  example:
    family: ndsoft
    outlet: 예시일보
    hosts: [example.kr]
    body: ["#mine", "@family"]
    check: {entries: 3, body: 50}
"""


def with_site(folder: Path, text: str = SITES, site: str = "example") -> Path:
    write(folder, sources=f'sources: [{{id: a, kind: feed, url: "https://example.kr/rss", every: 5m, site: {site}}}]')
    (folder / "sites.d").mkdir(exist_ok=True)
    (folder / "sites.d" / "mine.yaml").write_text(text, encoding="utf8")
    return folder


def test_an_outlet_that_nobody_shipped_is_defined_beside_the_sources(tmp_path: Path) -> None:
    prepared = prepare(read(with_site(tmp_path), {}))
    (source,) = prepared.plan.sources
    site = unsealed(source.definition)
    assert (site.name, site.outlet, site.zone, site.body[0]) == ("example", "예시일보", "Asia/Seoul", "#mine")
    changed = prepare(read(with_site(tmp_path, SITES.replace("#mine", "#yours")), {}))
    assert changed.plan.version != prepared.plan.version


def test_a_definition_may_stand_in_for_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    text = 'sites: {mediapen: {family: mediapen, body: ["#renamed", "@family"]}}'
    (source,) = prepare(read(with_site(tmp_path, text, "mediapen"), {})).plan.sources
    assert unsealed(source.definition).body == ("#renamed", *sites()["mediapen"].body)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("family: ndsoft", "family: ndsofd", (4, 13), "no family 'ndsofd'"),
        ("outlet:", "outlett:", (5, 5), "did you mean `outlet`?"),
        ('"#mine"', '"div["', (7, 12), "no CSS selector"),
        ("entries: 3", "entry: 3", (8, 13), "did you mean `entries`?"),
        ("body: 50", "body: many", (8, 31), "whole number"),
    ],
)
def test_a_wrong_definition_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, place: tuple[int, int], words: str
) -> None:
    (problem,) = problems(with_site(tmp_path, SITES.replace(old, new)))
    assert problem.file.endswith("mine.yaml")
    assert (problem.line, problem.column) == place
    assert words in f"{problem.message} {problem.hint}"
    assert problem.code == "SIT001"


@pytest.mark.parametrize("text", ["sites: [1]", "sites: {example: 1}", "sites: {example: {}}\nsite: {}"])
def test_a_file_of_another_shape_is_told(tmp_path: Path, text: str) -> None:
    assert {problem.code for problem in problems(with_site(tmp_path, text))} & {"CFG010", "CFG013"}


def test_a_site_that_is_not_there_has_a_neighbour(tmp_path: Path) -> None:
    (problem,) = problems(with_site(tmp_path, site="exampel"))
    assert (problem.code, problem.hint) == ("SRC001", "did you mean example?")


@pytest.mark.parametrize(("expression", "hint"), [("61 9 * * *", "five fields"), ("0 0 30 2 *", "")])
def test_a_heartbeat_that_can_never_be_is_told_at_its_line(tmp_path: Path, expression: str, hint: str) -> None:
    (write(tmp_path) / "monitor.yaml").write_text(f'timezone: UTC\nheartbeat: cron "{expression}"\n', "utf-8")
    (problem,) = problems(tmp_path)
    assert (Path(problem.file).name, problem.line, problem.code) == ("monitor.yaml", 2, "SRC002")
    assert (hint in problem.hint, bool(problem.hint)) == (True, bool(hint))
