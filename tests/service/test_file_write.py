"""A file is written as a whole or not at all, by one at a time, and never over what its writer has not read."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from monitor.service.file_write import FileChangedError, digest, present, writable, write


def test_a_file_is_written_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write(file, b"new", digest(b"old"))
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["rules.yaml"]


def test_a_new_file_needs_nobody_before_it(tmp_path: Path) -> None:
    file = tmp_path / "rules.d" / "mine.yaml"
    write(file, b"new", digest(present(file)))
    assert file.read_bytes() == b"new"


def test_what_was_not_read_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    for before, expected in ((b"theirs", digest(b"old")), (b"theirs", ""), (None, digest(b"old"))):
        file.unlink(missing_ok=True)
        if before is not None:
            file.write_bytes(before)
        with pytest.raises(FileChangedError):
            write(file, b"mine", expected)
        assert present(file) == before


def test_a_fault_that_shows_at_last_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"old")

    def refuse() -> None:
        raise KeyError(file)

    with pytest.raises(KeyError):
        write(file, b"new", digest(b"old"), refuse)
    assert file.read_bytes() == b"old"


def test_of_many_writers_one_is_first(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"old")
    refused: list[int] = []

    def attempt(number: int) -> None:
        try:
            write(file, f"writer {number}".encode(), digest(b"old"))
        except FileChangedError:
            refused.append(number)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (first,) = set(range(8)) - set(refused)
    assert file.read_bytes() == f"writer {first}".encode()


KILLED = """
import os, signal, sys
from pathlib import Path
from monitor.service.file_write import digest, write
name = sys.argv[2]
real = getattr(os, name) if hasattr(os, name) else Path.replace
def end(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if name == "replace":
    Path.replace = end
else:
    setattr(os, name, end)
write(Path(sys.argv[1]), b"new" * 1000, digest(b"old"))
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", ["fchmod", "fsync", "replace"])
def test_a_writer_that_is_killed_leaves_the_old_file_and_no_lock(tmp_path: Path, step: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(file), step], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"old"
    write(file, b"after", digest(b"old"))
    assert file.read_bytes() == b"after"


def test_what_cannot_be_written_in_one_step_is_known_before(tmp_path: Path) -> None:
    file, link = tmp_path / "rules.yaml", tmp_path / "linked.yaml"
    assert writable(file)
    link.symlink_to(file)
    assert not writable(link)
    assert not writable(tmp_path / "none" / "none" / "rules.yaml")
