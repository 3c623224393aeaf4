"""What errors may show."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import errors
from monitor.model.errors import ConfigProblem, ExtractError, FetchError, FetchReason, QueryError, public_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://paper.example/news/view/1?idxno=7", "https://paper.example/news/view/1?idxno=7"),
        ("http://user:hunter2@paper.example/rss?apikey=K1&no=2", "http://paper.example/rss?apikey=[hidden]&no=2"),
        ("https://p.example/?a=1&access_token=abc#x", "https://p.example/?a=1&access_token=[hidden]#x"),
        ("https://p.example/@name/post", "https://p.example/@name/post"),
        ("", ""),
    ],
)
def test_urls_are_shown_without_what_opens_doors(url: str, shown: str) -> None:
    assert public_url(url) == shown
    assert FetchError(url, FetchReason.STATUS).url == shown
    assert shown in str(ExtractError(url, "no article"))


@given(st.text(alphabet=st.characters(exclude_characters="@/&;#?="), min_size=1, max_size=20))
def test_no_password_is_ever_shown(secret: str) -> None:
    word = "S3" + secret
    assert word not in str(FetchError(f"https://u:{word}@h.example/x?token={word}", FetchReason.TIMEOUT))


def test_problems_and_query_errors_read_as_compilers_write() -> None:
    assert str(ConfigProblem("rules.yaml", 3, 5, "unknown key", "did you mean match")) == (
        "rules.yaml:3:5: unknown key (did you mean match)"
    )
    assert str(ConfigProblem("rules.yaml", 0, 0, "missing")) == "rules.yaml: missing"
    assert "at 3 in 'a b'" in str(QueryError("a b", 2, "a term is missing"))


def test_every_error_is_drawn() -> None:
    drawing = errors.__doc__ or ""
    found = [
        (node.name, ast.unparse(node.bases[0]))
        for path in Path(errors.__file__).parents[1].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and node.bases and not node.name.startswith("_")
    ]
    raised = [(name, base) for name, base in found if base == "MonitorError" or base.endswith(("Error", "Exception"))]
    assert len(raised) > 10
    for name, base in sorted(raised):
        assert f" {name} " in drawing or name == "MonitorError", (
            f"{name} is missing in the drawing of monitor.model.errors"
        )
        assert base in {"Exception", *(name for name, _ in raised)}
        assert base != "Exception" or name == "MonitorError", f"{name} stands outside the tree"
