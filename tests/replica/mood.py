"""How a replica receiver answers: as told, in order, or by chance."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reply:
    """How to answer one post. `drop`: the post is recorded, then the connection is cut without a word.

    `delay` is in seconds, before the first byte. `endless`: the body goes on until the client leaves.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    delay: float = 0.0
    drop: bool = False
    endless: bool = False


@dataclass(slots=True)
class Mood:
    """Decides the replies: the script first, in order, then by chance; the same seed gives the same sequence."""

    fail_rate: float = 0.0
    drop_rate: float = 0.0
    seed: int = 0
    failure: Reply = field(default_factory=lambda: Reply(500, body=b"told to fail"))
    usual: Reply = field(default_factory=Reply)
    script: deque[Reply] = field(default_factory=deque)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Seed the chance."""
        self._chance = random.Random(self.seed)

    def next(self) -> Reply:
        """Return the next reply."""
        if self.script:
            return self.script.popleft()
        drawn = self._chance.random()
        if drawn < self.drop_rate:
            return Reply(drop=True)
        return self.failure if drawn < self.drop_rate + self.fail_rate else self.usual
