"""An alert of a rule over counts as the JSON body that tells it: `count.frequency`, `.spike`, `.flatline`, `.new_term`. Pure.

The numbers are there for programs, the same in words and as a small plot for people.
"""

from __future__ import annotations

import json
from typing import Final

from monitor.channels.words.render import MAX_BODY, VERSION, shown_link
from monitor.channels.words.visible import visible_line
from monitor.model.count_notice import CountNotice, NewTerm
from monitor.present.moments import rfc3339
from monitor.present.plot import plot
from monitor.present.shapes import Json, rule_object

_TITLE, _NAME = 300, 120  # code points
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60
_SPANS: Final = ((_DAY, "d", "일"), (_HOUR, "h", "시간"), (_MINUTE, "min", "분"), (1, "s", "초"))
_LEAST_SHOWN: Final = 1e-9  # below it a chance is none for people
_WORDS: Final = {"stories": ("stories", "건(사건 기준)"), "articles": ("articles", "건(기사 기준)")}


def render_count_notice(notice: CountNotice, seq: int) -> bytes:
    """Return the JSON body (UTF-8, compact) of a notice, the `seq`-th message of its channel; at most MAX_BODY bytes.

    Articles of new terms are listed as far as they fit, `outlets` counts them all. Raises ValueError for a naive datetime.
    """
    series: list[Json] = list(notice.series)
    data: dict[str, Json] = {
        "created_at": rfc3339(notice.at),
        "severity": notice.severity,
        "rule": rule_object(_name(notice.rule[0]), _name(notice.rule[1])),
        "counted": {
            "rule": rule_object(_name(notice.counted[0]), _name(notice.counted[1])),
            "unit": "outlets" if notice.kind == "new_term" else notice.unit,
        },
        "window_seconds": round(notice.seconds),
        "count": notice.count,
        "threshold": notice.threshold,
        "expected": None if notice.expected is None else _rounded(notice.expected),
        "chance": None if notice.chance is None else _rounded(notice.chance),
        "series": {
            "begin": rfc3339(notice.begin),
            "step_seconds": _HOUR,
            "counts": series,
            "plot": plot(notice.series),
        },
        "summary": {"en": english(notice), "ko": korean(notice)},
    }
    if notice.kind == "new_term":
        data["terms"] = [_term(one) for one in notice.terms]
    body: dict[str, Json] = {
        "type": notice.type,
        "version": VERSION,
        "timestamp": rfc3339(notice.at),
        "seq": seq,
        "data": data,
    }
    while len(encoded := _encode(body)) > MAX_BODY and any(one["articles"] for one in _listed(data)):
        longest = max(_listed(data), key=lambda one: len(one["articles"]))
        longest["articles"].pop()
    return encoded


def english(notice: CountNotice) -> str:
    """Return what happened, in one English sentence."""
    window, counted = _span(notice.seconds, 1), _name(notice.counted[1])
    if notice.kind == "new_term":
        named = "; ".join(f"“{_name(one.term)}” in {one.outlets} outlets" for one in notice.terms)
        return f"new beside {counted} within {window}: {named}"
    unit = _WORDS[notice.unit][0]
    said = f"{counted}: {notice.count} {unit} within {window}"
    if notice.kind == "frequency":
        return f"{said} (from {notice.threshold} on)"
    usual = f"usually {_figure(notice.expected)}, chance {_chance(notice.chance)}"
    return f"{said}; {usual}"


def korean(notice: CountNotice) -> str:
    """Return what happened, in one Korean sentence."""
    window, counted = _span(notice.seconds, 2), _name(notice.counted[1])
    if notice.kind == "new_term":
        named = ", ".join(f"‘{_name(one.term)}’ {one.outlets}개 매체" for one in notice.terms)
        return f"{counted}: {window} 안에 처음 나온 말 {named}"
    unit = _WORDS[notice.unit][1]
    said = f"{counted}: {window} 동안 {notice.count}{unit}"
    if notice.kind == "frequency":
        return f"{said}, 기준 {notice.threshold}건 이상"
    return f"{said}, 평소 {_figure(notice.expected)}건, 우연일 확률 {_chance(notice.chance)}"


def _listed(data: dict[str, Json]) -> list[dict[str, list[Json]]]:
    terms = data.get("terms", [])
    return terms if isinstance(terms, list) else []  # type: ignore[return-value]  # made by _term


def _term(term: NewTerm) -> dict[str, Json]:
    articles: list[Json] = [
        {
            "id": one.id,
            "url": shown_link(one.url),
            "title": visible_line(one.title, _TITLE),
            "source": _name(one.source),
            "source_name": _name(one.source_name),
        }
        for one in term.articles
    ]
    return {"term": _name(term.term), "outlets": term.outlets, "articles": articles}


def _span(seconds: float, lang: int) -> str:
    """Return a span in its two largest units: 1 h, 2 d 3 h."""
    left, said = max(round(seconds), 1), list[str]()
    for size, *names in _SPANS:
        number, left = divmod(left, size)
        if number:
            said.append(f"{number}{' ' if lang == 1 else ''}{names[lang - 1]}")
    return " ".join(said[:2])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def _chance(value: float | None) -> str:
    """Return a chance as people read it: 1/12000."""
    if value is None:
        return "–"
    if value < _LEAST_SHOWN:
        return "< 1/1,000,000,000"
    return f"1/{round(1 / value):,}"


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _name(text: str) -> str:
    return visible_line(text, _NAME)


def _encode(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
