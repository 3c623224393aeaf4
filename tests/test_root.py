"""The root of the checkout: known files alone, decisions without holes, hooks and lists that say what the code does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.extract.registry import SOURCE_KINDS
from monitor.service.configuration import load

ROOT = Path(__file__).resolve().parents[1]
KNOWN = frozenset({
    ".ci", ".dockerignore", ".editorconfig", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md",
    "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "NOTICE", "README.ko.md", "README.md",
    "SECURITY.md", "config", "docker-compose.yml", "docs", "migrations",
    "monitor", "pyproject.toml", "requirements", "tests",
})  # fmt: skip
DECISIONS = sorted((ROOT / "docs" / "decisions").iterdir())
KINDS = sorted(SOURCE_KINDS)
LONGEST = 40  # lines of a decision record


def test_the_root_holds_known_names_alone() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = {name.partition("/")[0] for name in listed.stdout.split("\0") if name}
    assert names - KNOWN == set()


def test_the_licence_is_the_one_that_the_package_names() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_what_the_notice_speaks_of_is_there() -> None:
    named = re.findall(r"(?:monitor|tests)/[\w./-]+\.(?:txt|py)", (ROOT / "NOTICE").read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_decisions_are_numbered_without_holes() -> None:
    numbers = [path.name.partition("-")[0] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_the_number_of_its_file_and_stays_short(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    heading = re.fullmatch(r"# (\d+)\. \S.*", lines[0])
    assert heading, lines[0]
    assert int(heading[1]) == int(path.name.partition("-")[0])
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", path.name)
    assert len(lines) <= LONGEST


def hooks() -> list[dict[str, Any]]:
    """Return the hooks that run before a commit."""
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repository["repo"] == "local"
    found: list[dict[str, Any]] = repository["hooks"]
    return found


def test_hooks_are_the_static_checks_of_the_gate() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    check = re.search(r"^check: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert check
    lines = [line.strip().lstrip("@").replace("$(BIN)", ".venv/bin") for line in check[1].splitlines()]
    assert [hook["entry"] for hook in hooks()] == lines


def test_hooks_bring_nothing_of_their_own() -> None:
    assert all(hook["language"] == "system" and "additional_dependencies" not in hook for hook in hooks())


def test_the_readme_names_every_kind_of_source() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    listed = re.search(r"^`kind` says .*:\n\n((?:- .*\n)+)", text, re.MULTILINE)
    assert listed
    assert sorted(re.findall(r"^- `(\w+)`: ", listed[1], re.MULTILINE)) == KINDS


def test_a_search_needs_keys_and_words_and_every_other_kind_an_address(tmp_path: Path) -> None:
    address = {kind: f"url: 'https://news.example/{kind}'" for kind in KINDS}
    address["naver"] = "query: [오픈AI], key_id: one, key: two"
    items = [f"  - {{id: {kind}, kind: {kind}, {address[kind]}, every: 5m}}" for kind in KINDS]
    (tmp_path / "sources.yaml").write_text("\n".join(["sources:", *items]), "utf-8")
    assert [source.kind for source in load(tmp_path, {}).plan.sources] == KINDS


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_that_a_page_of_the_root_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"(?<![\w/])(?:monitor|tests|docs|config|migrations)/[\w./-]*\w", text))
    example = {
        "tests/cli/commands/test_NAME.py",
        "monitor/cli/commands/NAME.py",
        "monitor/channels/kinds/example.py",
        "monitor/extract/kinds/example.py",
    }
    assert len(named) > 10
    to_make = {name for name in named if "NNNN" in name or name.startswith("tests/<")} | example
    assert sorted(name for name in named - to_make if not (ROOT / name).exists()) == []


def test_contributors_are_told_names_that_the_files_have() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(\w+)`(?: in)? \(?`((?:monitor|tests)/[\w/]+\.py)`", text)
    named += re.findall(r"`(\w+)` \(`((?:monitor|tests)/[\w/]+\.py)`\)", text)
    assert {"ChannelKind", "SourceKind", "OwnKey", "KindSettings", "COMMANDS"} <= {name for name, _ in named}
    assert [(name, file) for name, file in named if name not in (ROOT / file).read_text("utf-8")] == []


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "README.md"])
def test_every_make_target_that_a_page_of_the_root_names_exists(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert sorted(name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)) == []
