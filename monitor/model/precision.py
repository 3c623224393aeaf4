"""How many hits of a rule were meant, of those that somebody said anything of."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959964  # of the normal distribution, two-sided 95 %


@dataclass(frozen=True, slots=True)
class Precision:
    """Of how many hits of a rule somebody said that they were meant, and that they were not; of the others nothing is known."""

    meant: int = 0
    not_meant: int = 0

    @property
    def said(self) -> int:
        """Return of how many hits anybody said anything."""
        return self.meant + self.not_meant

    @property
    def share(self) -> float | None:
        """Return the share that was meant, 0 to 1; None where nobody said anything."""
        return self.meant / self.said if self.said else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Return between which shares the rule's true one lies 19 times of 20; everywhere, 0 to 1, where nobody said anything.

        The score interval, which holds for few words and for shares of 0 and 1 too (E. B. Wilson, Probable inference, the law of
        succession, and statistical inference, JASA 22, 1927, 209-212).
        """
        if not self.said:
            return 0.0, 1.0
        share, unsure = self.meant / self.said, _Z * _Z / self.said
        middle = (share + unsure / 2) / (1 + unsure)
        half = sqrt(share * (1 - share) * unsure + unsure * unsure / 4) / (1 + unsure)
        return max(0.0, middle - half), min(1.0, middle + half)
