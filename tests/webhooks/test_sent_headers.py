"""The headers of an attempt: which are the service's own, and what of the others is logged."""

import pytest

from api.webhooks.sent_headers import HIDDEN, is_reserved, logged, request_headers


@pytest.mark.parametrize(
    "name",
    [
        "Webhook-Id", "webhook-signature", "webhook-anything", "Content-Type", "content-length", "Host", "User-Agent",
        "X-Championed-Attempt", "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
        "Proxy-Authorization", "Proxy-Authenticate", "Proxy-Connection",
    ],
)  # fmt: skip
def test_it_keeps_names_for_itself(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "x-champion", "accept"])
def test_it_leaves_other_names_free(name: str) -> None:
    assert not is_reserved(name)


def test_custom_headers_override_none_of_its_own_and_are_not_logged() -> None:
    custom = {"Authorization": "Bearer secret", "Webhook-Id": "event_2", "HOST": "other"}
    sent = request_headers(
        event_id="event_1", timestamp=5, signature="v1,x", delivery_id="delivery_1", attempt=2, product_version="1.4",
        custom=custom,
    )  # fmt: skip
    assert sent == {
        "authorization": "Bearer secret", "content-type": "application/json", "user-agent": "Championed-Webhooks/1.4",
        "webhook-id": "event_1", "webhook-timestamp": "5", "webhook-signature": "v1,x",
        "x-championed-delivery-id": "delivery_1", "x-championed-attempt": "2",
    }  # fmt: skip
    assert logged(sent, custom) == {**sent, "authorization": HIDDEN}
