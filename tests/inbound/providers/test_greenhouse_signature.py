"""Who may speak for Greenhouse: signatures over raw bytes, and keys that tell deliveries apart."""

import json

import pytest

from api.inbound.providers.greenhouse import delivery_key, verify
from tests.inbound.providers import greenhouse_samples as samples

VECTORS = [(samples.STAGE_CHANGE, samples.STAGE_CHANGE_SIGNATURE), (samples.ESCAPED, samples.ESCAPED_SIGNATURE)]


@pytest.fixture(params=VECTORS, ids=["greenhouse-1", "greenhouse-2-escaped"])
def vector(request: pytest.FixtureRequest) -> tuple[bytes, str]:
    return request.param


def test_it_accepts_the_vector(vector: tuple[bytes, str]) -> None:
    body, signature = vector
    assert verify({"signature": signature}, body, [samples.SECRET])


def test_it_refuses_the_vector_with_one_byte_flipped(vector: tuple[bytes, str]) -> None:
    body, signature = vector
    for place in range(0, len(body), 37):
        flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not verify({"signature": signature}, flipped, [samples.SECRET])


def test_it_refuses_the_vector_cut_short(vector: tuple[bytes, str]) -> None:
    body, signature = vector
    assert not verify({"signature": signature}, body[:-1], [samples.SECRET])
    assert not verify({"signature": signature}, b"", [samples.SECRET])


@pytest.mark.parametrize("secrets", [["another-secret-of-some-length"], [""], ["", ""], []])
def test_it_refuses_other_empty_and_no_secrets(vector: tuple[bytes, str], secrets: list[str]) -> None:
    body, signature = vector
    assert not verify({"signature": signature}, body, secrets)


def test_an_empty_secret_verifies_nothing_that_is_signed_with_it() -> None:
    assert not verify(samples.signed(samples.ESCAPED, secret=""), samples.ESCAPED, [""])


def test_it_refuses_the_digest_of_what_was_parsed_and_written_again() -> None:
    rewritten = json.dumps(json.loads(samples.ESCAPED), ensure_ascii=False, separators=(",", ":")).encode()
    assert samples.signed(rewritten)["signature"] == samples.REWRITTEN_SIGNATURE
    assert not verify({"signature": samples.REWRITTEN_SIGNATURE}, samples.ESCAPED, [samples.SECRET])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256",
        "sha256 ",
        "sha256=4a3520354359eb19b13e242135488b7127740f2923b0e6a481860cd2f4d51e6c",
        "4a3520354359eb19b13e242135488b7127740f2923b0e6a481860cd2f4d51e6c",
        "sha1 4a3520354359eb19b13e242135488b7127740f2923b0e6a481860cd2f4d51e6c",
        "sha256 4A3520354359EB19B13E242135488B7127740F2923B0E6A481860CD2F4D51E6C",
        "sha256 \xe4\xf6\xfc",
        "sha256 \udcff",
        "\xe4",
    ],
)
def test_it_refuses_other_forms_of_the_header(header: str) -> None:
    assert not verify({"signature": header}, samples.STAGE_CHANGE, [samples.SECRET])


def test_it_refuses_a_missing_header_and_one_of_another_name() -> None:
    digest = samples.STAGE_CHANGE_SIGNATURE
    for headers in ({}, {"x-greenhouse-signature": digest}, {"authorization": digest}):
        assert not verify(headers, samples.STAGE_CHANGE, [samples.SECRET])


def test_any_of_several_secrets_will_do() -> None:
    headers = {"signature": samples.STAGE_CHANGE_SIGNATURE}
    assert verify(headers, samples.STAGE_CHANGE, ["the-new-secret-after-rotation", samples.SECRET])


def test_a_retry_has_the_same_key_and_another_delivery_another() -> None:
    headers = {"greenhouse-event-id": "7f1c"}
    key = delivery_key(headers, samples.STAGE_CHANGE)
    assert key == delivery_key(headers, samples.STAGE_CHANGE)
    assert key.startswith("7f1c:candidate_stage_change:")
    assert key != delivery_key(headers, samples.STAGE_CHANGE.replace(b"14:02:31Z", b"14:02:32Z"))
    assert key != delivery_key({"greenhouse-event-id": "7f1d"}, samples.STAGE_CHANGE)


def test_without_an_id_two_changes_of_one_second_have_keys_of_their_own() -> None:
    credited = samples.delivery("application_updated")
    not_credited = samples.delivery("application_updated", credited_to=None)
    assert delivery_key({}, credited) == delivery_key({}, credited)
    assert delivery_key({}, credited) != delivery_key({}, not_credited)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"action": {}}', b'{"action": "\\u0000"}', b"\xff\xfe"])
def test_whatever_comes_has_a_key_that_can_be_stored(body: bytes) -> None:
    for headers in ({}, {"greenhouse-event-id": "\xe4" * 4_000}):
        key = delivery_key(headers, body)
        assert 0 < len(key) <= 400
        assert "\x00" not in key
