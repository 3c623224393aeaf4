"""Small files, tiny functions, more test than code."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = sorted([*ROOT.glob("monitor/**/*.py"), *ROOT.glob("migrations/**/*.py")])
FILE, FUNCTION, MEDIAN, TESTS = 300, 50, 8, 1.2


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Answer (place, lines) of each function, from `def` to its end without the docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1 - documentation(node)
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length


def documentation(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Answer how many lines the docstring takes."""
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None or not first.end_lineno:
        return 0
    return first.end_lineno - first.lineno + 1


def lines(*patterns: str) -> int:
    """Answer how many lines the matching files have together."""
    return sum(len(path.read_text("utf-8").splitlines()) for pattern in patterns for path in ROOT.glob(pattern))


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_a_few_screens(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE


def test_no_function_is_longer_than_a_screen() -> None:
    found = [(place, length) for path in PRODUCT for place, length in functions(path)]
    assert len(found) > 100
    assert [entry for entry in found if entry[1] > FUNCTION] == []


def test_most_functions_are_tiny() -> None:
    found = [length for path in ROOT.glob("monitor/**/*.py") for _, length in functions(path)]
    assert statistics.median(found) <= MEDIAN


def test_there_is_more_test_than_code() -> None:
    assert lines("tests/**/*.py") >= TESTS * lines("monitor/**/*.py")


def test_the_measures_measure(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text('def f() -> int:\n    """One.\n\n    Two.\n    """\n    x = 1\n    return x\n')
    node = ast.parse(sample.read_text()).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert documentation(node) == 4
    assert node.end_lineno == 7
