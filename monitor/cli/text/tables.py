"""Tables and marked words on a terminal. Imported only when something is to be drawn: rich takes its time."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.cli import process
from monitor.present.inert import sanitize
from monitor.present.marked import Span, pieces

WIDE = 160  # columns where nobody says how many there are
WORD = "bold yellow"


class _Console(Console):
    """A console that leaves a closed pipe to the caller, as all other forms of output do."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Return a writer to standard output that takes text literally: no markup, no emoji codes, no guessed colours.

    NO_COLOR and COLUMNS are honoured (rich reads them).
    """
    width = None if sys.stdout.isatty() or "COLUMNS" in process.environ() else WIDE
    return _Console(markup=False, emoji=False, highlight=False, width=width)


def text(value: object, style: str = "") -> Text:
    """Return a value as text that a terminal only shows."""
    return Text(sanitize(str(value)), style=style, overflow="fold")


def clipped(value: object, style: str = "") -> Text:
    """Return a value as one line, of which a narrow table shows the beginning and an ellipsis."""
    return Text(sanitize(str(value)), style=style, no_wrap=True, overflow="ellipsis")


def marked(value: str, spans: Sequence[Span], style: str = "") -> Text:
    """Return a text with the words at `spans` standing out."""
    line = Text(style=style, overflow="fold")
    for piece, word in pieces(value, spans):
        line.append(sanitize(piece), style=WORD if word else None)
    return line


def stacked(*lines: Text) -> Text:
    """Return lines one below the other, empty ones left out."""
    return Text("\n", overflow="fold").join(line for line in lines if line.plain.strip())


def table(heads: Sequence[str], rows: Sequence[Sequence[RenderableType]], whole: Collection[str] = ()) -> None:
    """Draw a table; columns fold rather than cut (`clipped` apart), those whose head is in `whole` keep their width."""
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in heads:
        drawn.add_column(head, overflow="fold", no_wrap=head in whole)
    for row in rows:
        drawn.add_row(*row)
    console().print(drawn)
