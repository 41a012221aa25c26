"""Signatures: the published vectors, what verifies and what does not, and which secrets are accepted."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from api.platform.signing import (
    InvalidSecret,
    Keys,
    NotVerified,
    decode_secret,
    keys_of,
    new_ed25519,
    new_secret,
    public_key,
    signatures,
    verify,
)

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECOND = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
PRIVATE = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
PUBLIC = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
ID, AT = "msg_01KF0M7Q3W8Z5Y2X4T6R9P0ABC", 1768469400
BODY = (
    '{"type":"application.follow_up_state.changed","timestamp":"2026-01-15T09:30:00.000000Z",'
    '"data":{"id":"app_01KF0M7Q3W0000000000000001","from":"pending","to":"replied","referrer_name":"Zoë"}}'
).encode()
V1 = "v1,rqa97BWaiGw4eDOgVOupDXav+DGMvuqNN32abLAzoU4="
V1_SECOND = "v1,wz6YzGPWVRDNSk/n+O2+mfbH/j8Spc2muKB9hJYASfQ="
V1_OF_THE_TEXT = "v1,ldO4cP5A54Bfrr4c8iNzD++be2bLcdWejmBCgv0TnfE="
V1A = "v1a,SfhnKusNg2fXhJwwUxU1gKjWP5NUefutjjSMrJN8Pt+RSc1e7BfyCWbKmN6SGPapqKIygL3tRqJTfzYH1EknCQ=="
NOW = datetime.fromtimestamp(AT, UTC)


def headers(signature: str, *, event_id: str = ID, at: int = AT) -> dict[str, str]:
    return {"Webhook-Id": event_id, "Webhook-Timestamp": str(at), "Webhook-Signature": signature}


def first_entry(secret: str, event_id: str, at: int, body: bytes) -> str:
    return signatures(event_id, at, body, [keys_of(secret, PRIVATE)]).split(" ")[0]


def test_it_signs_the_vector() -> None:
    assert sha256(BODY).hexdigest() == "b01d52e960a39f66f8a829afdfbda8caee027d05ec7826d6a74be798ad5a71a4"
    assert signatures(ID, AT, BODY, [keys_of(SECRET, PRIVATE)]) == f"{V1} {V1A}"


def test_it_signs_the_public_vector_of_svix() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = first_entry(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_never_takes_the_text_of_a_secret_for_the_key() -> None:
    assert first_entry(SECRET, ID, AT, BODY) != V1_OF_THE_TEXT
    with pytest.raises(NotVerified):
        verify(headers(V1_OF_THE_TEXT), BODY, SECRET, NOW)


def test_it_signs_by_every_live_key_the_newest_first() -> None:
    new, old = keys_of(SECRET, PRIVATE), keys_of(SECOND, new_ed25519())
    entries = signatures(ID, AT, BODY, [new, old]).split(" ")
    assert [entry.split(",")[0] for entry in entries] == ["v1", "v1a", "v1", "v1a"]
    assert [entries[0], entries[1], entries[2]] == [V1, V1A, V1_SECOND]
    for secret in (SECRET, SECOND, PUBLIC):
        verify(headers(" ".join(entries)), BODY, secret, NOW)


def test_it_gives_the_public_half() -> None:
    assert public_key(PRIVATE) == PUBLIC
    fresh = new_ed25519()
    signed = signatures(ID, AT, BODY, [Keys(b"k" * 32, keys_of(SECRET, fresh).ed25519)])
    verify(headers(signed), BODY, public_key(fresh), NOW)
    with pytest.raises(NotVerified):
        verify(headers(signed), BODY, PUBLIC, NOW)


def test_it_makes_secrets_of_32_random_bytes() -> None:
    made = {new_secret() for _ in range(10)}
    assert len(made) == 10
    assert {len(decode_secret(secret)) for secret in made} == {32}


@pytest.mark.parametrize("length", [24, 25, 32, 64])
def test_it_accepts_a_secret_made_elsewhere(length: int) -> None:
    key = bytes(range(length))
    assert decode_secret("whsec_" + b64encode(key).decode()) == key


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        SECRET.removeprefix("whsec_"),
        SECRET + "\n",
        " " + SECRET,
        SECRET.removesuffix("="),
        "whsec_" + b64encode(bytes(23)).decode(),
        "whsec_" + b64encode(bytes(65)).decode(),
        "whsec_" + "A" * 33,
        "whsec_" + "-_" * 20,
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX=",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX==",
        SECRET + "=",
        SECRET.replace("h8=", "h9="),
        "whsec_" + b64encode(bytes(25)).decode().replace("A==", "B=="),
        PRIVATE,
        "whsec_" + "é" * 40,
    ],
)
def test_it_refuses_a_secret_it_cannot_decode(secret: str) -> None:
    with pytest.raises(InvalidSecret) as refused:
        decode_secret(secret)
    assert "whsec_AAEC" not in refused.value.detail


@pytest.mark.parametrize("private", ["", "whsk_", PUBLIC, PRIVATE + "A", "whsk_" + b64encode(bytes(32)).decode()])
def test_it_refuses_what_is_no_private_key(private: str) -> None:
    with pytest.raises(ValueError, match=r"whsk_|base64|padding|decode"):
        keys_of(SECRET, private)


@pytest.mark.parametrize(
    "given",
    [
        headers(V1, event_id="msg_other"),
        headers(V1, at=AT + 1),
        headers(V1_SECOND),
        headers("v1,"),
        headers("v1"),
        headers("v1,not base64"),
        headers("v2," + V1[3:]),
        headers("v1a," + V1[3:]),
        headers(""),
        {**headers(V1), "Webhook-Timestamp": "soon"},
        {**headers(V1), "Webhook-Timestamp": f" {AT}"},
        {name: value for name, value in headers(V1).items() if name != "Webhook-Id"},
    ],
)
def test_it_verifies_nothing_altered_or_incomplete(given: dict[str, str]) -> None:
    with pytest.raises(NotVerified):
        verify(given, BODY, SECRET, NOW)


def test_it_verifies_no_other_body() -> None:
    verify(headers(V1), BODY, SECRET, NOW)
    with pytest.raises(NotVerified):
        verify(headers(V1), BODY.replace(b"Zo", b"Jo"), SECRET, NOW)


def test_it_passes_over_versions_it_does_not_know() -> None:
    verify(headers(f"v0,abc v7 , {V1_SECOND} {V1}"), BODY, SECRET, NOW)


@pytest.mark.parametrize(("seconds", "verifies"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_it_verifies_for_five_minutes_either_way(seconds: int, verifies: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    if verifies:
        verify(headers(V1), BODY, SECRET, now)
    else:
        with pytest.raises(NotVerified, match="300 seconds"):
            verify(headers(V1), BODY, SECRET, now)


@pytest.mark.parametrize("secret", ["whpk_", "whpk_AAAA", "whpk_!", "secret"])
def test_it_says_when_the_secret_itself_is_wrong(secret: str) -> None:
    with pytest.raises(InvalidSecret):
        verify(headers(f"{V1} {V1A}"), BODY, secret, NOW)
