"""What a rule about endpoints, their secrets or their deliveries refuses."""

from api.domain.errors import Conflict


class WebhookEndpointLimitReached(Conflict):
    """The workspace has as many endpoints as the operator allows; `limit` says how many. Delete one you do not need."""

    code = "webhook_endpoint_limit_reached"
    title = "There are too many webhook endpoints"


class WebhookEndpointNotActive(Conflict):
    """The endpoint is paused or disabled, so nothing is sent to it: resume it first. `current_state` says which."""

    code = "webhook_endpoint_not_active"
    title = "The webhook endpoint is not active"


class TooManySecrets(Conflict):
    """Three secrets of the endpoint are in use already; one goes out of use at `next_expiry_at`."""

    code = "too_many_secrets"
    title = "The endpoint has too many secrets in use"
