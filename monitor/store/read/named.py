"""Names that the plan does not have any more, and stored rows have still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Connection, literal, select

from monitor.store.tables.schema import article, channel_state, count_incident, hit, source_state

_WHERE: Final[Mapping[str, tuple[Column[Any], ...]]] = {
    "rule": (hit.c.rule_id, count_incident.c.rule_id),
    "source": (source_state.c.id, article.c.source_id, hit.c.source_id),
    "channel": (channel_state.c.id,),
}
"""By kind the columns that such a name stands in; an index leads to each."""


def is_stored(connection: Connection, kind: str, name: str) -> bool:
    """Return whether anything stored is of the rule, source or channel of that id; a tag is nowhere but in the plan."""
    one = literal(1)
    return any(
        connection.execute(select(one).where(owner == name).limit(1)).first() is not None
        for owner in _WHERE.get(kind, ())
    )
