"""What a rule could refuse, as a JSON object, and the line of YAML to write."""

from __future__ import annotations

from monitor.model.suggestion import Suggestions
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json


def suggestions_object(found: Suggestions) -> dict[str, Json]:
    """Return the suggestions; `none` says why there is none, null where there is one."""
    return {
        "hit": found.hit_id,
        "rule": found.rule_id,
        "match": found.expression,
        "place": found.place,
        "since": rfc3339(found.since),
        "wrong": found.wrong,
        "others": found.others,
        "suggestions": [
            {
                "phrase": one.phrase,
                "match": one.expression,
                "yaml": yaml_line(one.expression),
                "added": 0,
                "removed": one.removed,
                "refused": list(one.refused),
                "lost": one.lost_count,
                "samples": [{"id": hit.id, "title": hit.title, "url": hit.url} for hit in one.lost],
            }
            for one in found.found
        ],
        "none": found.none or None,
    }


def yaml_line(expression: str) -> str:
    """Return the key `match` of a rule with that expression, as it stands in rules.yaml; whatever is in it is text."""
    return "match: '" + " ".join(expression.split()).replace("'", "''") + "'"
