"""Signatures hold under the official vectors and under the library that receivers use."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from monitor.channels.signing import headers, signing_secret
from monitor.model.errors import InvalidValueError, MessageError
from tests.channels.samples import KST, NOW, OTHER_SECRET, SECRET
from tests.evidence import DATA
from tests.replica.signatures import problem_with

BODY = '{"type":"hit.created","data":{"title":"오픈AI·딥시크, 스타게이트 참여"}}'.encode()


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    """Official and derived vectors of Standard Webhooks."""
    loaded: dict[str, Any] = json.loads((DATA / "webhooks/standard_webhooks_vectors.json").read_text("utf-8"))
    return loaded


def test_every_symmetric_vector_is_met(vectors: dict[str, Any]) -> None:
    checked = 0
    for case in [*vectors["sign"], *vectors["sign_derived"]]:
        if case["scheme"] != "v1":
            continue  # ed25519 is not offered
        at = datetime.fromtimestamp(case["timestamp"], UTC)
        signed = headers(case["msg_id"], at, case["payload"].encode(), (case["secret"],))
        assert signed["webhook-signature"] == case["signature"], case["name"]
        assert signed["webhook-timestamp"] == str(case["timestamp"])
        checked += 1
    assert checked == 5


def test_what_receivers_accept_and_refuse_is_told_apart(vectors: dict[str, Any]) -> None:
    """The replica receiver believes what the vectors accept; age cases are judged at the present and belong to it."""
    checked = 0
    for case in vectors["verify"]:
        if "301 s" in case["name"]:
            continue
        named = {name.lower(): value for name, value in case["headers"].items()}
        problem = problem_with(named, case["payload"].encode(), (case["secret"],), check_age=False)
        assert (problem == "") == case["accept"], case["name"]
        checked += 1
    assert checked == 12


def test_what_is_older_than_five_minutes_is_refused() -> None:
    for age, accepted in ((290, True), (-290, True), (310, False), (-310, False)):
        at = datetime.now(UTC) - timedelta(seconds=age)  # noqa: TID251 - the library reads the real clock
        signed = headers("msg_1", at, BODY, (SECRET,))
        assert (problem_with(signed, BODY, (SECRET,)) == "") == accepted, age


def test_empty_secrets_of_the_vectors_are_refused(vectors: dict[str, Any]) -> None:
    for secret in vectors["empty_secrets"]:
        with pytest.raises(MessageError, match="secret"):
            headers("msg_1", NOW, BODY, (secret,))


def test_the_timestamp_is_the_second_that_has_begun() -> None:
    assert headers("msg_1", NOW, BODY, ())["webhook-timestamp"] == str(int(NOW.replace(microsecond=0).timestamp()))


def test_without_secrets_the_message_is_named_and_unsigned() -> None:
    assert set(headers("msg_1", NOW, BODY, ())) == {"webhook-id", "webhook-timestamp"}


def test_during_a_rotation_either_secret_verifies() -> None:
    signed = headers("msg_1", NOW, BODY, (OTHER_SECRET, SECRET))
    assert len(signed["webhook-signature"].split(" ")) == 2
    assert problem_with(signed, BODY, (SECRET,), check_age=False) == ""
    assert problem_with(signed, BODY, (OTHER_SECRET,), check_age=False) == ""
    assert problem_with(signed, BODY, ("whsec_AAAA",), check_age=False) != ""


@pytest.mark.parametrize("moment", [NOW.replace(tzinfo=None), NOW.astimezone(KST)])
def test_a_moment_that_is_not_utc_is_refused(moment: datetime) -> None:
    with pytest.raises(MessageError, match="UTC"):
        headers("msg_1", moment, BODY, (SECRET,))


def test_the_library_would_have_signed_such_a_moment_wrongly() -> None:
    """Why the wrapper refuses: one instant, two signatures. If this ends, the wrapper may be simpler."""
    library = Webhook(SECRET)
    assert library.sign("msg_1", NOW, "{}") != library.sign("msg_1", NOW.astimezone(KST), "{}")


def test_any_zone_that_is_at_utc_will_do() -> None:
    london = NOW.astimezone(ZoneInfo("Europe/London"))  # winter
    assert headers("msg_1", london, BODY, (SECRET,)) == headers("msg_1", NOW, BODY, (SECRET,))


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\nb", "a\r\nx: y"])
def test_an_id_that_blurs_the_signed_text_is_refused(message_id: str) -> None:
    with pytest.raises(MessageError, match="id"):
        headers(message_id, NOW, BODY, (SECRET,))


@pytest.mark.parametrize(
    "secret", ["whsec_A", "whsec_-_-_", "whsec_비밀", "whsec_AA AA", "whsec_AAAA\n", "====", "whsk_AAAA"]
)
def test_a_secret_that_cannot_be_a_key_is_refused_without_being_quoted(secret: str) -> None:
    with pytest.raises(MessageError, match="secret") as caught:
        headers("msg_1", NOW, BODY, (secret,))
    assert secret.removeprefix("whsec_") not in str(caught.value).replace("whsec_<base64>", "")


def test_a_body_that_is_not_text_is_refused() -> None:
    with pytest.raises(MessageError, match="utf-8"):
        headers("msg_1", NOW, b"\xff", (SECRET,))


HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.characters(exclude_categories=["Cs"]))


@settings(max_examples=400)
@given(HANGUL, st.binary(min_size=24, max_size=64), st.uuids())
def test_receivers_verify_whatever_is_sent(text: str, key: bytes, name: object) -> None:

    secret = "whsec_" + base64.b64encode(key).decode()
    body = json.dumps({"title": text}, ensure_ascii=False).encode()
    signed = headers(str(name), datetime.now(UTC), body, (secret,))  # noqa: TID251 - the library reads the real clock
    assert Webhook(secret).verify(body, signed) == {"title": text}


def test_every_flipped_bit_is_refused() -> None:
    body = BODY.decode().encode()
    signed = headers("msg_1", datetime.now(UTC), body, (SECRET,))  # noqa: TID251 - the library reads the real clock
    library = Webhook(SECRET)
    assert library.verify(body, signed, json_parse=False) is None
    for bit in range(len(body) * 8):
        changed = bytearray(body)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((WebhookVerificationError, UnicodeDecodeError)):
            library.verify(bytes(changed), signed, json_parse=False)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_a_changed_header_is_refused(name: str) -> None:
    signed = headers("msg_1", NOW, BODY, (SECRET,))
    changed = signed | {name: signed[name][:-1] + ("2" if signed[name][-1] != "2" else "3")}
    assert problem_with(changed, BODY, (SECRET,), check_age=False) != ""


@pytest.mark.parametrize("size", [24, 32, 64])
def test_signing_keys(size: int) -> None:
    key = "whsec_" + base64.b64encode(bytes(range(size))).decode()
    assert signing_secret(key) == key


@pytest.mark.parametrize("size", [0, 1, 23, 65])
def test_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(InvalidValueError, match="24 to 64 random bytes"):
        signing_secret("whsec_" + base64.b64encode(bytes(size)).decode())


@pytest.mark.parametrize(
    "text", ["whsec_", "whsec_" + "!" * 32, "whsec_" + "A" * 31, "whsec_ " + "A" * 32, "A" * 32, "whsec_" + "가" * 32]
)
def test_keys_that_are_not_base64_are_refused_unquoted(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        signing_secret(text)
    assert text.removeprefix("whsec_")[:8] not in str(caught.value) or text == "whsec_"
