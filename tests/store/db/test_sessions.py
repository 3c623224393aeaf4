"""How a daemon calls its connections, and what is read back of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from monitor.store.db.sessions import daemon_sessions, session_name


@given(
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.integers(1, 2**22),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80),
)
def test_a_name_fits_what_a_server_keeps_and_its_parts_come_first(folder: str, pid: int, host: str) -> None:
    name = session_name(folder, pid, host)
    assert len(name.encode()) <= 63
    assert name.split(" ")[1:3] == [folder, str(pid)]


def test_on_sqlite_there_is_nobody_to_name() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert daemon_sessions(connection) == ()
    engine.dispose()
