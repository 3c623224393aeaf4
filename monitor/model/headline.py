"""What marks a stage of one report in its headline, and not its matter: flash, urgent, nth report, roundup, exclusive. Pure."""

from __future__ import annotations

import re
from typing import Final

_FLAG: Final = r"(?:긴급|속보|단독|상보|재송|수정|업데이트|\d보|종합(?:\d(?!보))?)"

FLAGS: Final = re.compile(rf"[\[(<{{【〈《「『]\s*+{_FLAG}(?:[\s·,/|]*+{_FLAG})*+\s*+[\])>}}】〉》」』]")
"""Flags in brackets. Possessive quantifiers: no headline, however hostile, makes this try twice."""
