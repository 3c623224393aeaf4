"""A template of the operator's own: what it may do, what it may cost, and that an alert outlives its failure."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from monitor.channels.formats.bounded import MOST_NODES, MOST_OUTPUT, BoundedEnvironment, render
from monitor.channels.formats.template import faults, template
from monitor.model.delivery import MessageContext
from monitor.model.health import Notice
from monitor.model.plan import Channel
from tests.channels.formats.bodies import BROKEN, NASTY, SUBJECTS, frozen
from tests.channels.samples import CONTEXT, channel, delivery

ANY = '{"text": {{ (card.label ~ " " ~ card.title)|tojson }}, "id": {{ id|tojson }}}'
BY_TYPE = """\
{% if type == "hit.created" -%}
{"rule": {{ data.rule.id|tojson }}, "words": {{ data.matches|length }},
 "marks": [{% for match in data.matches %}{{ match.surface|tojson }}{% if not loop.last %}, {% endif %}{% endfor %}]}
{%- else %}{{ {"other": type, "seq": seq}|tojson }}{% endif %}
"""


def wanted(source: str, content_type: str = "") -> Channel:
    options = (("format", "template"), ("template", source), ("content_type", content_type))
    return replace(channel(), options=options)


def out(source: str, **values: object) -> str:
    return render(BoundedEnvironment(autoescape=False).from_string(source), values).decode()


def test_a_template_that_tells_everything_alike() -> None:
    assert list(faults(ANY, "")) == []
    rendered = template(frozen(NASTY), wanted(ANY))
    assert json.loads(rendered.body) == {"text": f'A "B" 100% {NASTY.article.title}', "id": "0193-delivery"}
    assert (rendered.content_type, rendered.note) == ("application/json", "")


def test_a_template_that_tells_types_apart() -> None:
    assert list(faults(BY_TYPE, "")) == []
    assert json.loads(template(frozen(CONTEXT), wanted(BY_TYPE)).body) == {
        "rule": "openai",
        "words": 1,
        "marks": ["오픈AI"],
    }
    assert json.loads(template(frozen(BROKEN), wanted(BY_TYPE)).body) == {"other": "source.broken", "seq": 17}


@given(SUBJECTS)
def test_whatever_is_written_json_stays_json_and_a_retry_the_same(items: list[MessageContext | Notice]) -> None:
    message = frozen(*items)
    for source in (ANY, BY_TYPE):
        rendered = template(message, wanted(source))
        assert rendered.note == ""
        assert rendered == template(message, wanted(source))
        json.loads(rendered.body)


def test_markup_is_escaped_where_the_type_is_markup() -> None:
    title = NASTY.article.title
    assert b"&lt;/script&gt;" in template(frozen(NASTY), wanted("<p>{{ card.title }}</p>", "text/html")).body
    assert b"&lt;/a&gt;" in template(frozen(NASTY), wanted("<p>{{ '</a>'|e }}</p>", "application/atom+xml")).body
    assert template(frozen(NASTY), wanted("{{ card.title }}", "text/plain")).body == title.encode()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ nothing }}", "line 1: 'nothing' is undefined"),
        ("{\n{{ data.rule.nme|tojson }}}", "line 2: there is no 'nme'"),
        ('{"title": "{{ card.title }}"}', "is no JSON"),
        ("{{ data.article.published_at.year|tojson }}", "line 1: there is no 'year'"),
        ("{{ data.rule + 1 }}", "TypeError"),
        ("{% for a in card.title %}{{ a }}{% endfor %}", "only a list can be looped over"),
    ],
)
def test_a_template_that_fails_sends_the_standard_body_and_says_so(source: str, said: str) -> None:
    message = frozen(NASTY)
    rendered = template(message, wanted(source))
    assert (rendered.body, rendered.content_type) == (message.body, "application/json")
    assert rendered.note.startswith("the template failed, sent as standard: ")
    assert said in rendered.note
    assert any(said in fault for fault in faults(source, ""))


def test_a_failure_quotes_nothing_of_the_message() -> None:
    hostile = replace(CONTEXT, article=replace(CONTEXT.article, title="canary-title"))
    for source in ("{{ card.title + 1 }}", '"{{ card.title }}', "{{ card.title|tojson }}{{ card.title }}"):
        assert "canary" not in template(frozen(hostile), wanted(source)).note


def test_one_reason_is_told_once_with_every_type_that_fails() -> None:
    told = list(faults("{{ data.article.title|tojson }}", ""))
    assert len(told) == len(set(told))
    assert not any("hit.created" in fault for fault in told)
    assert any("(in a sample of " in fault and "source.broken" in fault and "digest" in fault for fault in told)


@pytest.mark.parametrize(
    "source",
    [
        "{{ range(9) }}",
        "{{ card.title.upper() }}",
        "{{ 'a' * 9 }}",
        "{{ 9 ** 9 }}",
        "{{ '%s' % 1 }}",
        "{% set a = 1 %}",
        "{% set a %}1{% endset %}",
        "{% with a = 1 %}{% endwith %}",
        "{% macro a() %}{% endmacro %}",
        "{% include 'a' %}",
        "{% import 'a' as b %}",
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% filter upper %}a{% endfilter %}",
        "{% for a, b in [] %}{% endfor %}",
        "{% for a in [] recursive %}{% endfor %}",
        "{{ card|attr('x') }}",
        "{{ 'a'|format(1) }}",
        "{{ [1]|map('upper') }}",
        "{{ 1 is divisibleby 2 }}",
        "{% autoescape false %}a{% endautoescape %}",
        "{{ 1 " + "~ 1" * MOST_NODES + " }}",
    ],
)
def test_what_has_no_bound_is_refused_when_it_is_read(source: str) -> None:
    (fault,) = faults(f"\n{source}", "text/plain")
    assert fault.startswith("line 2: ")


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in l %}{% for b in l %}{% for c in l %}{% for d in l %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in l %}{% for b in l if b == a %}{{ b }}{% endfor %}{% endfor %}" * 20,
        "{{ t" + "|tojson" * 60 + " }}",
        "{{ t" + "|urlencode" * 30 + " }}",
        "{% for a in l %}{{ t }}{% endfor %}",
        "{% for a in l %}{{ t|upper|length }}{% endfor %}",
        "{{ " + "t ~ " * 200 + "t }}",
        "{{ [" + "t, " * 200 + "t]|join(t)|length }}",
    ],
)
def test_what_grows_is_stopped(source: str) -> None:
    values = {"l": list(range(100)), "t": '"\\' * 5_000}
    with pytest.raises(TemplateError):
        out(source, **values)


def test_output_has_an_end() -> None:
    assert len(out("{{ t }}", t="a" * MOST_OUTPUT)) == MOST_OUTPUT
    with pytest.raises(TemplateError, match="more than"):
        out("{{ t }}", t="가" * MOST_OUTPUT)


ATTRIBUTES = [
    "__class__",
    "__init__",
    "__globals__",
    "__mro__",
    "mro",
    "keys",
    "items",
    "format",
    "gi_frame",
    "_fail_with_undefined_error",
]


@given(
    st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=4),
    st.sampled_from(["s", "d", "l", "n", "loop", "self", "z"]),
)
def test_nothing_of_python_is_behind_a_dot(path: list[str], start: str) -> None:
    for source in (".".join([start, *path]), start + "".join(f"['{step}']" for step in path)):
        with pytest.raises(TemplateError):
            out("{% for x in l %}{{ " + source + " }}{% endfor %}", s="a", d={"a": 1}, l=[1], n=None)


def test_a_key_comes_before_a_method_of_its_name() -> None:
    assert out("{{ d.items }}{{ d['keys'] }}", d={"items": 1, "keys": 2}) == "12"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("{{ l|first }}{{ l|last }}{{ []|first }}", "13"),
        ("{{ l|join('-') }}", "1-2-3"),
        ("{{ nothing|default('a') }}{{ ''|d('b', true) }}", "ab"),
        ("{{ t|truncate(6) }}", "가나다라마바"),
        ("{{ 'a b&'|urlencode }}{{ '<'|e }}{{ ' a '|trim }}{{ 'a'|upper }}{{ 'A'|lower }}", "a%20b%26&lt;aAa"),
        ("{{ l[0] + l[1] - 1 }}{{ l[1:]|length }}{{ -1 }}", "22-1"),
        ("{{ 'a' if none is none and 1 in l and not false else 'b' }}", "a"),
        ("{% for x in l if x != 2 %}{{ loop.index }}{{ x }}{% else %}-{% endfor %}", "1123"),
        ("{% raw %}{{ a }}{% endraw %}{# a #}", "{{ a }}"),
    ],
)
def test_what_a_template_may_do(source: str, made: str) -> None:
    assert out(source, l=[1, 2, 3], t="가나다라마바") == made


def test_a_depth_that_python_cannot_read_is_a_fault_and_no_crash() -> None:
    for source in ("{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "{{ " + "-" * 900 + "1 }}", "{% if 1 %}" * 300):
        assert len(list(faults(source, "text/plain"))) == 1
        assert template(frozen(CONTEXT), wanted(source)).note
    assert sys.getrecursionlimit() >= 1_000


def test_a_body_that_is_none_of_ours_goes_out_as_it_is() -> None:
    rendered = template(delivery(b"{}"), wanted(ANY))
    assert (rendered.body, bool(rendered.note)) == (b"{}", True)
