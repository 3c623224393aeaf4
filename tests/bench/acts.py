"""Acts of invented matters: pairs of reports by kind, and all of them as one line (the pairs of stories-acts, see its README)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Report: TypeAlias = dict[str, Any]
Stories: TypeAlias = Callable[[Sequence[Report]], Sequence[str]]


def line_of(pairs: Sequence[Report]) -> list[Report]:
    """Return every report once, in time order, with the act that it tells as its `story`."""
    told: dict[tuple[str, str, str], Report] = {}
    for pair in pairs:
        if pair["kind"] == "next-act-same-day":  # its twin stands in the line already
            continue
        acts = {"one": "1", "two": {"same": "1", "next": "2"}.get(pair["label"], "other")}
        for name, act in acts.items():
            report, story = pair[name], f"{pair['scenario']}/{act}"
            known = {"source": name, "story": story, "related": []}
            told.setdefault((story, report["title"], report["body"]), report | known)
    line = sorted(told.values(), key=lambda one: (one["published_at"], one["title"], one["body"]))
    return [report | {"id": f"{place:05}"} for place, report in enumerate(line)]


def right_by_kind(pairs: Sequence[Report], stories: Stories) -> Mapping[str, int]:
    """Return of how many pairs of each kind it is right whether both are one story, as `stories` gives them."""
    right: Counter[str] = Counter()
    for pair in pairs:
        one, two = stories([{"id": name, "source": name, **pair[name]} for name in ("one", "two")])
        right[pair["kind"]] += (one == two) == (pair["label"] == "same")
    return right
