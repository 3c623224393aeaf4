from __future__ import annotations

import subprocess
import sys

import pytest

ENDS = [sys.executable, "-c", ""]


def test_a_process_is_refused_to_a_test_of_the_quick_half() -> None:
    with pytest.raises(RuntimeError, match="mark it slow"):
        subprocess.run(ENDS, check=True)


@pytest.mark.slow
def test_a_slow_test_may_start_one() -> None:
    assert subprocess.run(ENDS, check=True).returncode == 0
