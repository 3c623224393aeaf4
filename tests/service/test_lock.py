"""One process per data folder, however the other one ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.errors import LockHeldError, MonitorError
from monitor.service import lock

HOLDER = """
import sys, time
from pathlib import Path
from monitor.service import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(30)
"""


def spawn(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_lock_is_held_for_the_block_and_names_its_holder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    assert lock.holder(folder) is None
    with lock.hold(folder) as held:
        assert held.path == folder / lock.NAME
        assert lock.holder(folder) == os.getpid()
    assert lock.holder(folder) is None


@pytest.mark.slow
def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    with spawn(tmp_path) as process:
        try:
            assert lock.holder(tmp_path) == process.pid
            with pytest.raises(LockHeldError, match=r"monitor\.lock"), lock.hold(tmp_path):
                pass
            assert lock.holder(tmp_path) == process.pid  # the failed try did not wipe the pid
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    with lock.hold(tmp_path):
        assert lock.holder(tmp_path) == os.getpid()


def test_the_beat_is_the_age_of_the_file(tmp_path: Path) -> None:
    with lock.hold(tmp_path) as held:
        path = held.path
        past = time.time() - 100
        os.utime(path, (past, past))
        assert 99 < lock.age(tmp_path) < 110
        held.beat()
        assert lock.age(tmp_path) < 10


def test_since_when_the_holder_runs_is_known_while_its_heart_beats(tmp_path: Path) -> None:
    assert lock.running_since(tmp_path) is None
    before = int(time.time())
    with lock.hold(tmp_path) as held:
        path = held.path
        since = lock.running_since(tmp_path)
        assert since is not None
        assert before <= since.timestamp() <= time.time() + 1
        path.write_text(f"{os.getpid()}\n")  # by an older program
        assert lock.running_since(tmp_path) == datetime.fromtimestamp(0, UTC)
        os.utime(path, (before - 100, before - 100))
        assert lock.running_since(tmp_path) is None
    assert lock.running_since(tmp_path) is None


def test_a_lock_file_with_rubbish_in_it_still_locks(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).write_text("not a pid")
    with lock.hold(tmp_path):
        assert lock.holder(tmp_path) == os.getpid()


def test_a_folder_keeps_the_name_that_it_was_given_and_no_other_has_it(tmp_path: Path) -> None:
    first = lock.folder_id(tmp_path / "a")
    assert lock.folder_id(tmp_path / "a") == first
    assert lock.folder_id(tmp_path / "b") != first


@pytest.mark.parametrize("rubbish", [b"", b"not a name\n", "이름".encode(), b"\xff"])
def test_a_name_that_cannot_be_read_is_made_anew(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / lock.ID).write_bytes(rubbish)
    made = lock.folder_id(tmp_path)
    assert len(made) == 16
    assert lock.folder_id(tmp_path) == made


def test_one_daemon_writes_to_a_database_file_whatever_data_folder_it_has(tmp_path: Path) -> None:
    database = tmp_path / "a" / "monitor.db"
    database.parent.mkdir()
    database.touch()
    linked = tmp_path / "linked.db"
    linked.symlink_to(database)
    around = tmp_path / "a" / ".." / "a" / "monitor.db"
    assert lock.database_holder(database) is None
    with lock.hold_file(database, tmp_path / "자료 하나"):
        for same in (database, linked, around):
            assert lock.database_holder(same) == (os.getpid(), tmp_path / "자료 하나")
            told = rf"pid {os.getpid()}, data folder .*자료 하나"
            with pytest.raises(LockHeldError, match=told) as caught, lock.hold_file(same, tmp_path / "other"):
                pass
            assert f"on the database {same} (" in str(caught.value)
            assert "MONITOR_DATABASE_URL" in str(caught.value)
        with lock.hold_file(tmp_path / "b.db", tmp_path / "other"):
            pass
    assert lock.database_holder(database) is None
    with lock.hold_file(None, tmp_path) as held:  # on a server
        assert held is None


@pytest.mark.parametrize("lost", ["unlinked", "moved", "exchanged", "folder"])
def test_a_lock_whose_file_is_no_longer_there_is_lost(tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "data"
    with lock.hold(folder) as held:
        assert not held.is_lost()
        held.beat()
        assert not held.is_lost()
        match lost:
            case "unlinked":
                held.path.unlink()
            case "moved":
                held.path.rename(tmp_path / "elsewhere")
            case "exchanged":
                held.path.unlink()
                held.path.write_text("1\n")
            case _:
                folder.rename(tmp_path / "elsewhere")
        assert held.is_lost()


def test_a_data_folder_that_cannot_be_one_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        told = rf"the folder {folder} cannot be used: .*MONITOR_DATA_DIR"
        with pytest.raises(MonitorError, match=told), lock.hold(folder):
            pass
    (tmp_path / "data" / lock.NAME).mkdir(parents=True)
    with pytest.raises(MonitorError, match=r"data cannot be used: Is a directory"), lock.hold(tmp_path / "data"):
        pass


def test_the_folder_of_a_database_is_made_or_named_with_the_mend(tmp_path: Path) -> None:
    with lock.hold_file(tmp_path / "new" / "monitor.db", tmp_path):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    told = rf"the folder {tmp_path}/file cannot be used: .*MONITOR_DATABASE_URL"
    with pytest.raises(MonitorError, match=told), lock.hold_file(tmp_path / "file" / "monitor.db", tmp_path):
        pass


def test_who_asks_does_not_keep_others_from_asking(tmp_path: Path) -> None:
    with lock.hold(tmp_path) as held:
        held.path.chmod(0o444)  # of an account that may read alone
        assert lock.holder(tmp_path) == lock.holder(tmp_path) == os.getpid()


def test_a_folder_that_was_moved_is_gone_whatever_was_made_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with lock.hold(folder) as held:
        assert not held.is_moved()
        folder.rename(tmp_path / "elsewhere")
        assert held.is_moved()
        folder.mkdir()  # as whoever opens a database there does
        assert held.is_moved()
