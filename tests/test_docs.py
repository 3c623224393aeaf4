"""Everything public says what it is for; the documents say what the program does; nothing is left half done."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands_reference import commands, reference

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(ROOT.glob("monitor/**/*.py"))
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
BARE_SKIP = re.compile(r"""mark\.(skip|xfail)\b(?!\([^)]*reason=)|mark\.skipif\((?![^)]*reason=)|\bskip\(\s*\)""")
MACHINE_PATH = re.compile(r"""(?<![\w.])/(work|root|home/\w+|Users/\w+|tmp/[a-z])/""")
# A path of a module, from the root or from monitor/; a name in capitals is still to be chosen.
MODULE = re.compile(r"(?<![\w/.])[a-z_]+(?:/[a-z_]+)+\.py\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
REGISTRY = re.compile(
    r"(?i)(files\.pythonhosted\.org|pypi\.org/simple|--(extra-)?index-url|registry\.npmjs\.org|^index-url)",
    re.MULTILINE,
)


def undocumented(path: Path) -> Iterator[str]:
    """Return the public names of a module that have no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    if not ast.get_docstring(tree):
        yield str(path.relative_to(ROOT))
    yield from _undocumented(tree, str(path.relative_to(ROOT)))


def _undocumented(parent: ast.Module | ast.ClassDef, place: str) -> Iterator[str]:
    for node in parent.body:
        if not isinstance(node, Definition) or not is_public(node, parent):
            continue
        if not ast.get_docstring(node):
            yield f"{place}:{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(node, place)


def is_public(node: Definition, parent: ast.Module | ast.ClassDef) -> bool:
    """Private names, what a base class documents, and constructors whose class says it all need no docstring."""
    if node.name.startswith("_") or is_overload(node):
        return False
    return not (isinstance(parent, ast.ClassDef) and is_override(node))


def is_override(node: Definition) -> bool:
    """Return whether a method is marked as an override."""
    return any("override" in ast.unparse(decorator) for decorator in node.decorator_list)


def is_overload(node: Definition) -> bool:
    """Return whether a function only declares types for another."""
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


def committed() -> Iterator[tuple[str, str]]:
    """Return (path, text) of every text file that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            try:
                yield name, path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """All committed text, this file aside: it names what it looks for."""
    found = dict(committed())
    assert "pyproject.toml" in found
    return {name: text for name, text in found.items() if name != "tests/test_docs.py" and not is_carried(name)}


def is_carried(name: str) -> bool:
    """Return whether a file is data of tests: bytes of others, hostile on purpose, which say nothing about us."""
    return name.startswith("tests/data/") and not name.endswith((".py", ".md"))


def found(pattern: re.Pattern[str], texts: dict[str, str], folders: tuple[str, ...] = ("",)) -> list[str]:
    """Return the places where a pattern stands, in files under `folders`."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, text in texts.items()
        if name.startswith(folders)
        for match in pattern.finditer(text)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_public_says_what_it_is_for(path: Path) -> None:
    assert list(undocumented(path)) == []


def test_nothing_is_left_half_done(texts: dict[str, str]) -> None:
    assert (
        found(UNFINISHED, texts, ("monitor/", "migrations/", "tests/", "config/", "docs/", "Makefile", "README")) == []
    )
    assert found(CONFLICT, texts) == [], "a merge that nobody finished"


def test_every_skipped_test_says_why(texts: dict[str, str]) -> None:
    assert found(BARE_SKIP, texts, ("tests/",)) == []


def test_no_machine_path_is_committed(texts: dict[str, str]) -> None:
    assert found(MACHINE_PATH, texts) == []


def test_no_package_registry_is_committed(texts: dict[str, str]) -> None:
    assert found(REGISTRY, texts) == []


def test_the_reference_of_commands_is_up_to_date() -> None:
    stored = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert stored == reference(), "run: .venv/bin/python -m tests.commands_reference"


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for path, command in commands():
        section = re.search(rf"^## {re.escape(path)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert section, path
        for parameter in command.params:
            for spelling in parameter.opts if parameter.param_type_name == "option" and not parameter.hidden else ():
                assert f"`{spelling}" in section[1], (path, spelling)
            assert getattr(parameter, "help", ""), (path, parameter.name)


def test_links_between_documents_lead_somewhere(texts: dict[str, str]) -> None:
    links = [(name, target) for name in texts if name.endswith(".md") for target in LINK.findall(texts[name])]
    broken = [
        (name, target)
        for name, target in links
        if "://" not in target and not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_every_module_that_a_document_names_exists(texts: dict[str, str]) -> None:
    pages = {name: text for name, text in texts.items() if name.startswith("docs/") and name.endswith(".md")}
    named = {(name, path) for name, text in pages.items() for path in MODULE.findall(text)}
    missing = sorted((name, path) for name, path in named if not (ROOT / path).is_file())
    assert len(named) > 20
    assert [(name, path) for name, path in missing if not (ROOT / "monitor" / path).is_file()] == []


@pytest.mark.parametrize(
    ("pattern", "text", "caught"),
    [
        (UNFINISHED, "# TODO later", True),
        (UNFINISHED, "the method", False),
        (CONFLICT, "1. one\n<<<<<<< HEAD\n2. two\n", True),
        (CONFLICT, ">>> shortened(text, 12)", False),
        (BARE_SKIP, "@pytest.mark.skip", True),
        (BARE_SKIP, '@pytest.mark.skipif(x, reason="no engine")', False),
        (BARE_SKIP, "pytest.skip()", True),
        (BARE_SKIP, 'pytest.skip("no data")', False),
        (MACHINE_PATH, "see /work/shared/x", True),
        (MACHINE_PATH, "https://x.example/work/shared", False),
        (REGISTRY, "--index-url https://x", True),
    ],
)
def test_the_patterns_catch_what_they_are_for(pattern: re.Pattern[str], text: str, caught: bool) -> None:  # noqa: FBT001 - a column of the table
    assert bool(pattern.search(text)) is caught
