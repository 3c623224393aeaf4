"""What the operator is told of the line itself: a channel that shut, a disk that fills. Of sources: monitor.model.health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from monitor.model.health import Bilingual
from monitor.model.policy import Severity

NOTHING: Final = Bilingual("", "")
"""Nothing is to be done."""


@dataclass(frozen=True, slots=True)
class OperatorNotice:
    """One event of the line, decided at `at` (UTC).

    `type` is the type of its message (`channel.disabled`); `about` names in one line what it concerns. `facts` are the keys
    of its `data` beside `summary` and `action`: JSON, short. `channel_id` is the channel that it is about, which is not
    asked to tell of itself; "" for none. `severity` says whether quiet hours let it through.
    """

    type: str
    at: datetime
    about: str
    summary: Bilingual
    action: Bilingual = NOTHING
    facts: Mapping[str, object] = field(default_factory=dict)
    channel_id: str = ""
    severity: Severity = "critical"
