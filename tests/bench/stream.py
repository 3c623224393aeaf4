"""Whether the stream of hits loses anything: `python -m tests.bench.stream [--events 10000] [--drops 100] [--on SQLite|PostgreSQL]`.

Hits are stored one after the other while one who listens over a real socket is cut off again and again, each time after
another number of events, and comes back with the last number it saw.

  lost         hits that never came
  disordered   that came twice, or before an earlier one
  events/s     from the first that was stored to the last that came
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.contracts.databases import SqliteFactory, postgres_server
from tests.web.streaming import lost


def measure(url: str, events: int, drops: int) -> None:
    """Print what came of it on one database."""
    started = time.perf_counter()
    missing, disordered, cut = asyncio.run(lost(url, events, drops))
    took = time.perf_counter() - started
    print(
        f"{events} events, {cut} drops: {missing} lost, {disordered} disordered, {events / took:.0f} events/s",
        flush=True,
    )


def main() -> None:
    """Measure on the database that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--drops", type=int, default=100)
    parser.add_argument("--on", choices=("SQLite", "PostgreSQL"), default="SQLite")
    chosen = parser.parse_args()
    if chosen.on == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            measure(SqliteFactory(Path(folder)).migrated(), chosen.events, chosen.drops)
        return
    with postgres_server() as factory:
        measure(factory.migrated(), chosen.events, chosen.drops)


if __name__ == "__main__":
    main()
