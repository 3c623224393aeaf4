"""Whether a server's validators may be believed, learned from what it does with them.

RFC 9110 §13 lets a server answer 304 to a conditional request. Some answer 304 whatever happens, which would silence a
source for good; others give a new ETag to the same bytes, which makes conditions useless. So runs of 304 are broken, ever
more rarely, by a request without conditions, and what that shows is held against the server. Losing trust costs
bandwidth only: the body's own hash still tells what has changed.

Learned per URL and kept in memory: a new process finds it out again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from monitor.model.page import Validators

FIRST_CHECK = 3  # answers 304 in a row before a server that has proved nothing yet is checked
RAREST_CHECK = 48  # at a poll each five minutes: every four hours
NOISE = 3  # new validators for the same bytes, in a row, before conditions are given up
MAX_URLS = 8192


@dataclass(slots=True)
class _Record:
    """What is known of one URL. `proven`: a conditional request was once answered with a changed document."""

    run: int = 0  # answers 304 since the last full one
    check_after: int = FIRST_CHECK
    noise: int = 0
    proven: bool = False
    distrusted: bool = False


class Trust:
    """Decides about conditions and learns from answers; `max_urls` bounds the memory, oldest first."""

    def __init__(self, *, max_urls: int = MAX_URLS) -> None:
        self._max_urls = max_urls
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def __len__(self) -> int:
        """Count the remembered URLs."""
        return len(self._records)

    def conditions(self, url: str, known: Validators | None) -> dict[str, str]:
        """Return the headers that make the next request conditional; none when a full response is wanted."""
        if known is None:
            return {}
        record = self._records.get(url)
        if record is not None and (record.distrusted or record.run >= record.check_after):
            return {}
        pairs = (("if-none-match", known.etag), ("if-modified-since", known.last_modified))
        return {name: value for name, value in pairs if value}

    def learn(self, url: str, known: Validators | None, fresh: Validators, *, asked: bool, same: bool) -> None:
        """Draw conclusions from a response. `asked`: conditions were sent; `same`: the document is the known one.

        `fresh` are the validators of the response, without a body hash when it was a 304.
        """
        if known is None or not (known.etag or known.last_modified):
            return
        record = self._of(url)
        if not fresh.body_hash:
            record.run += 1
            record.noise = 0
        elif asked:
            self._learn_of_answer(record, same=same)
        elif record.run:
            self._learn_of_check(record, known, fresh, same=same)

    def _learn_of_answer(self, record: _Record, *, same: bool) -> None:
        record.run = 0
        record.noise = record.noise + 1 if same else 0
        record.proven = record.proven or not same
        record.distrusted = record.noise >= NOISE

    def _learn_of_check(self, record: _Record, known: Validators, fresh: Validators, *, same: bool) -> None:
        """Hold a full response against the run of 304 before it.

        The same validators for other bytes prove a lie. Other validators may mean that the document changed since the
        last request; that is believed of a server which has told of a change before, once.
        """
        record.run = 0
        if same:
            record.check_after = min(2 * record.check_after, RAREST_CHECK)
            return
        lied = (fresh.etag, fresh.last_modified) == (known.etag, known.last_modified)
        record.distrusted = lied or not record.proven
        record.proven = False
        record.check_after = FIRST_CHECK

    def _of(self, url: str) -> _Record:
        record = self._records.get(url)
        if record is None:
            record = self._records[url] = _Record()
            if len(self._records) > self._max_urls:
                self._records.popitem(last=False)
        else:
            self._records.move_to_end(url)
        return record
