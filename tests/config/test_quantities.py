"""Durations, sizes, listening addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.quantities import SIZES, UNITS, duration, duration_text, listen, size, size_text
from monitor.model.errors import InvalidValueError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("500ms", 0.5), ("1s", 1), ("1.5s", 1.5), ("5m", 300), ("2h", 7200), ("1d", 86_400), ("0.001ms", 1e-6)],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "-5m", "5 m", "5M", "5m ", "1h30m", "1e3s", "٥m", "5µs", "1.s", ".5s"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be a duration"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "count"), [("0B", 0), ("800B", 800), ("512KB", 524_288), ("4MB", 4_194_304), ("1GB", 2**30)]
)
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "4", "4M", "4mb", "4 MB", "1.5MB", "-1KB", "4MiB", "４MB"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be a size"):
        size(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:8765", ("127.0.0.1", 8765)), ("[::1]:0", ("::1", 0)), ("localhost:65535", ("localhost", 65_535))],
)
def test_addresses_to_listen_on(text: str, address: tuple[str, int]) -> None:
    assert listen(text) == address


@pytest.mark.parametrize(
    "text", ["", "8765", ":8765", "a:65536", "a:-1", "::1:80", "[::1]", "a b:1", "a:1\n", "http://a:1"]
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be a host and a port"):
        listen(text)


@given(st.integers(0, 999_999_999), st.sampled_from(sorted(UNITS)))
def test_durations_are_exact(number: int, unit: str) -> None:
    assert duration(f"{number}{unit}") == float(number * UNITS[unit])


@given(st.integers(0, 999_999_999), st.sampled_from(sorted(SIZES)))
def test_sizes_are_exact(number: int, unit: str) -> None:
    assert size(f"{number}{unit}") == number * SIZES[unit]


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_an_error_that_does_not_quote_it(text: str) -> None:
    for read in (duration, size):
        try:
            assert read(text) >= 0
        except InvalidValueError as error:
            assert len(text) < 9 or text not in str(error)  # noqa: PT017 - either way is right, and both are checked


@given(st.integers(0, 10**8))
def test_what_is_written_is_read_as_the_same(number: int) -> None:
    assert duration(duration_text(number / 1000)) == number / 1000
    assert size(size_text(number)) == number


def test_it_is_written_in_the_largest_unit() -> None:
    written = {0.0: "0s", 0.5: "500ms", 90.0: "90s", 900.0: "15m", 86_400.0: "1d", 129_600.0: "36h"}
    assert {seconds: duration_text(seconds) for seconds in written} == written
    assert [size_text(one) for one in (0, 800, 2**20)] == ["0B", "800B", "1MB"]
