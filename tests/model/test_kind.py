"""Kinds are found by their files, and imported when they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import monitor.channels.kinds
from monitor.channels.registry import CHANNEL_KINDS
from monitor.extract.kind import SourceKind
from monitor.extract.registry import SOURCE_KINDS

FILES = {path.stem for path in Path(monitor.channels.kinds.__path__[0]).glob("*.py")} - {"__init__"}
PROGRAM = """
import sys
from monitor.service.configuration import KNOWN_KINDS
assert "slack" in KNOWN_KINDS.channels and "naver" in KNOWN_KINDS.sources and len(KNOWN_KINDS.channels) > 5
KNOWN_KINDS.channels["slack"], KNOWN_KINDS.sources["feed"]
print(*sorted(name for name in sys.modules if ".kinds." in name))
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"httpx", "selectolax", "feedparser", "fastfeedparser"}))
"""


def test_each_file_is_a_kind() -> None:
    assert set(CHANNEL_KINDS) == FILES
    assert len(CHANNEL_KINDS) == len(FILES)
    assert all(isinstance(kind, SourceKind) for kind in SOURCE_KINDS.values())
    assert len(SOURCE_KINDS) > 4


def test_what_is_no_file_is_no_kind() -> None:
    assert "carrier-pigeon" not in CHANNEL_KINDS
    assert CHANNEL_KINDS.get("__init__") is None
    with pytest.raises(KeyError):
        CHANNEL_KINDS["carrier-pigeon"]


@pytest.mark.slow
def test_a_configuration_pays_for_the_kinds_it_names() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["monitor.channels.kinds.slack", "monitor.extract.kinds.feed"]
