"""Every vendor there is, by the name that stands in addresses and connections."""

from collections.abc import Mapping
from types import MappingProxyType

from api.inbound.providers.greenhouse import GREENHOUSE
from api.inbound.providers.provider import Provider

PROVIDERS: Mapping[str, Provider] = MappingProxyType({provider.name: provider for provider in (GREENHOUSE,)})
"""The vendors that can be connected. Another one is one more module beside this file and one more name here."""
