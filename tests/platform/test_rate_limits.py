"""Rate limits, with a clock passed in."""

import pytest

from api.platform.rate_limits import RateLimiter


def test_it_refuses_beyond_the_quota_until_the_window_ends() -> None:
    limiter = RateLimiter(per_minute=3, burst_per_second=0)
    assert [limiter.take("k", 100.0 + n).allowed for n in range(4)] == [True, True, True, False]
    assert not limiter.take("k", 159.9).allowed
    assert limiter.take("k", 160.0).allowed
    assert limiter.take("other", 101.0).allowed


def test_it_counts_bursts_and_minutes_apart() -> None:
    limiter = RateLimiter(per_minute=3, burst_per_second=2)
    assert [limiter.take("k", at).allowed for at in (0.0, 0.1, 0.2, 1.0, 2.0)] == [True, True, False, True, False]


def test_it_renders_the_fields() -> None:
    limiter = RateLimiter(per_minute=600, burst_per_second=20)
    limiter.take("k", 0.0)
    assert limiter.take("k", 29.5).headers() == [
        (b"ratelimit-policy", b'"default";q=600;w=60, "burst";q=20;w=1'),
        (b"ratelimit", b'"default";r=598;t=31, "burst";r=19;t=1'),
    ]


def test_it_refuses_with_the_registered_type_and_never_undercuts_the_wait() -> None:
    limiter = RateLimiter(per_minute=1, burst_per_second=1)
    limiter.take("k", 0.0)
    refusal = limiter.take("k", 0.4).refusal()
    assert (refusal.status, refusal.code) == (429, "quota_exceeded")
    assert refusal.type_uri == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert refusal.headers["Retry-After"] == "60"
    assert refusal.members == {"violated-policies": ["default", "burst"]}


def test_it_takes_a_request_back() -> None:
    limiter = RateLimiter(per_minute=1, burst_per_second=0)
    limiter.take("k", 0.0).refund()
    assert limiter.take("k", 1.0).allowed


@pytest.mark.parametrize("quota", [0])
def test_it_is_switched_off_by_zero(quota: int) -> None:
    limiter = RateLimiter(per_minute=quota, burst_per_second=quota)
    standings = [limiter.take("k", 0.0) for _ in range(1_000)]
    assert all(standing.allowed and standing.headers() == [] for standing in standings)


def test_it_remembers_a_bounded_number_of_keys() -> None:
    limiter = RateLimiter(per_minute=1, burst_per_second=0, max_keys=10)
    for key in range(1_000):
        limiter.take(key, 0.0)
    assert len(limiter._windows) == 10
    assert not limiter.take(999, 0.0).allowed
