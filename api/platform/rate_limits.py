"""Rate limits per API key, counted in the memory of this process in fixed windows; pure, with the clock passed in.

Several processes count separately, so the service as a whole allows more than one process says.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from api.platform.problems import TooManyRequests


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests in every window of `seconds`."""

    name: str
    quota: int
    seconds: int


@dataclass(slots=True)
class _Window:
    started: float
    used: int = 0


@dataclass(slots=True)
class Standing:
    """How one key stands against the policies after a request."""

    policies: Sequence[Policy]
    windows: Sequence[_Window]
    now: float
    allowed: bool

    def refund(self) -> None:
        """Take the request back, as one that costs nothing: a 304."""
        for window in self.windows:
            window.used = max(0, window.used - 1)

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The fields `RateLimit-Policy` and `RateLimit`, none without a policy."""
        if not self.policies:
            return []
        policy = ", ".join(f'"{policy.name}";q={policy.quota};w={policy.seconds}' for policy in self.policies)
        limit = ", ".join(
            f'"{policy.name}";r={max(0, policy.quota - window.used)};t={self._seconds_left(policy, window)}'
            for policy, window in self._pairs()
        )
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", limit.encode())]

    def refusal(self) -> TooManyRequests:
        """The error for a request that is not allowed, naming the policies it violates."""
        used_up = [(policy, window) for policy, window in self._pairs() if window.used >= policy.quota]
        wait = max((self._seconds_left(policy, window) for policy, window in used_up), default=1)
        names = [policy.name for policy, _ in used_up]
        return TooManyRequests(f"Try again in {wait} s.", retry_after=wait, **{"violated-policies": names})

    def _pairs(self) -> list[tuple[Policy, _Window]]:
        return list(zip(self.policies, self.windows, strict=True))

    def _seconds_left(self, policy: Policy, window: _Window) -> int:
        # A later request may have begun a new window before this answer is written.
        return min(policy.seconds, max(1, math.ceil(window.started + policy.seconds - self.now)))


class RateLimiter:
    """Counts requests per key; forgets the key that began longest ago once `max_keys` are known."""

    def __init__(self, *, per_minute: int, burst_per_second: int, max_keys: int = 10_000) -> None:
        policies = (Policy("default", per_minute, 60), Policy("burst", burst_per_second, 1))
        self.policies = tuple(policy for policy in policies if policy.quota > 0)
        self._max_keys = max_keys
        self._windows: dict[Hashable, list[_Window]] = {}

    def take(self, key: Hashable, now: float) -> Standing:
        """Count a request of `key` at `now` (monotonic seconds), unless a window is used up."""
        windows = self._windows.get(key)
        if windows is None:
            windows = self._admit(key, now)
        for policy, window in zip(self.policies, windows, strict=True):
            if now - window.started >= policy.seconds:
                window.started, window.used = now, 0
        allowed = all(window.used < policy.quota for policy, window in zip(self.policies, windows, strict=True))
        if allowed:
            for window in windows:
                window.used += 1
        return Standing(self.policies, windows, now, allowed)

    def _admit(self, key: Hashable, now: float) -> list[_Window]:
        if len(self._windows) >= self._max_keys:
            del self._windows[next(iter(self._windows))]
        windows = [_Window(now) for _ in self.policies]
        self._windows[key] = windows
        return windows
