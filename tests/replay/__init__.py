"""A slow, obvious second implementation of the derivation, written from the rules' words to judge the fast one."""

from tests.replay.answer import ReplayedAct, ReplayedAdvocacy, ReplayedApplication, ReplayedReferral, ReplayedSupport
from tests.replay.replay import replay_support

__all__ = [
    "ReplayedAct",
    "ReplayedAdvocacy",
    "ReplayedApplication",
    "ReplayedReferral",
    "ReplayedSupport",
    "replay_support",
]
