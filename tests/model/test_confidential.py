"""What came from a variable or a file is hidden in every spelling, and nothing else is."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import confidential
from monitor.model.confidential import SHORTEST, SecretValues, hidden, hide, remember
from monitor.model.errors import ExtractError, FetchError, FetchReason, public_url

SECRETS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=8, max_size=30)
SECRETS = SECRETS.filter(lambda text: text != "[hidden]")  # the mark that stands in its place


def _quoted_small(text: str) -> str:
    """Return a text as a server quotes it that writes %2f for %2F."""
    return re.sub("%[0-9A-F]{2}", lambda mark: mark[0].lower(), quote(text, safe=""))


@given(
    SECRETS,
    st.sampled_from([str, quote, lambda text: quote(text, safe=""), json.dumps, repr, str.lower, _quoted_small]),
)
def test_a_secret_is_hidden_in_every_spelling(secret: str, spelled: object) -> None:
    values = SecretValues()
    values.remember([secret])
    assert callable(spelled)
    shown = values.hide(f"?k={spelled(secret)}&x=1")
    assert secret not in shown
    assert spelled(secret) not in shown


@pytest.mark.parametrize("value", ["", "5m", "true", "12345", "     "])
def test_short_values_hide_nothing(value: str) -> None:
    values = SecretValues()
    values.remember([value])
    assert len(value.strip()) < SHORTEST
    assert values.hide(f"a {value} b") == f"a {value} b"


def test_the_parts_of_a_confidential_address_are_hidden_apart_from_it() -> None:
    remember(["https://user:p%40ssword@hooks.example/services/T0123/B0456/canary?key=c4nary%2Fvalue"])
    for shown in (
        "https://hooks.example/services/T0123/B0456/canary?key=c4nary%2Fvalue",
        "404 for /services/T0123/B0456/canary",
        "p@ssword p%40ssword",
        "c4nary/value c4nary%2Fvalue",
    ):
        assert not {"canary", "ssword", "c4nary"} & set(hide(shown).replace("/", " ").split()), hide(shown)
        assert "[hidden]" in hide(shown)


def test_a_short_path_of_a_confidential_address_hides_no_other_address() -> None:
    remember(["https://press.example/news/"])
    assert hide("https://other.example/news/1") == "https://other.example/news/1"


def test_errors_and_addresses_are_made_without_secrets() -> None:
    remember(["canary-value"])
    url = "https://press.example/rss?k=canary-value&page=1"
    assert public_url(url) == "https://press.example/rss?k=[hidden]&page=1"
    texts = [
        str(FetchError(url, FetchReason.STATUS, "redirected to /x?k=canary-value")),
        FetchError(url, FetchReason.STATUS, "redirected to /x?k=canary-value").detail,
        str(ExtractError(url, "no article at canary-value")),
        ExtractError(url, "no article at canary-value").message,
    ]
    assert not [text for text in texts if "canary" in text]


def test_values_inside_lists_and_mappings_are_hidden_and_keys_stay() -> None:
    remember(["canary-value"])
    given_value = {"canary-value": ["a canary-value", ("canary-value", 3)], "n": 1}
    assert hidden(given_value) == {"canary-value": ["a [hidden]", ["[hidden]", 3]], "n": 1}


def test_the_set_is_bounded_and_the_oldest_goes_first() -> None:
    values = SecretValues()
    for number in range(0, confidential.MOST + 100, 50):
        values.remember([f"secret-{one:06}" for one in range(number, number + 50)])
    assert values.hide("secret-000000") == "secret-000000"
    assert values.hide(f"secret-{confidential.MOST + 99:06}") == "[hidden]"
