"""The service: routers, error handlers, event catalogue, lifespan; the only file that knows everything."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, FastAPI

from api import worker
from api.action_links.page_routes import router as action_link_pages
from api.action_links.routes import router as action_links
from api.advocacies.act_routes import router as acts
from api.advocacies.routes import router as advocacies
from api.advocates.routes import router as advocates
from api.applications.listing import router as applications_list
from api.applications.routes import router as applications
from api.applications.verbs import router as application_verbs
from api.briefing.routes import router as briefing
from api.calendars.feed_routes import router as calendar_feed
from api.calendars.routes import router as calendars
from api.candidates.routes import router as candidates
from api.captures.addresses_routes import router as capture_addresses
from api.captures.mail_routes import router as mails
from api.captures.routes import router as captures
from api.clock.routes import router as clock
from api.connections.routes import router as connections
from api.connections.verbs import router as connection_verbs
from api.event_types.envelopes import describe_webhooks
from api.event_types.routes import router as event_types
from api.events.open_streams import OpenStreams
from api.events.routes import router as events
from api.events.stream import router as event_stream
from api.external_refs.routes import router as external_refs
from api.follow_ups.digest_routes import router as digests
from api.follow_ups.listing import router as follow_ups_list
from api.follow_ups.routes import router as follow_ups
from api.inbound.acceptance import Door
from api.inbound.hooks import DeliveriesFirst
from api.inbound.hooks import router as hooks
from api.inbound.message_routes import router as inbound_messages
from api.interactions.routes import router as interactions
from api.invitations.routes import router as invitations
from api.jobs.routes import router as jobs
from api.merging.routes import router as merging
from api.people.routes import router as people
from api.pipeline.routes import router as pipeline
from api.platform.auth import Keyring
from api.platform.db import Databases
from api.platform.edge import Service
from api.platform.health import router as health
from api.platform.hook_tokens import HookTokens
from api.platform.openapi import custom_openapi, operation_id, telemetry_config
from api.platform.problem_answers import install
from api.platform.rate_limits import RateLimiter
from api.platform.sealing import Sealer, own_key
from api.platform.settings import Settings
from api.platform.transactions import install_database_answers
from api.platform.wakeups import Wakeups
from api.policy.routes import router as policy
from api.privacy.record_routes import router as privacy_records
from api.privacy.routes import router as privacy
from api.reasons.routes import router as reasons
from api.references.routes import router as references
from api.referrals.routes import router as referrals
from api.referrers.routes import router as referrers
from api.support.routes import router as support
from api.upserts.routes import router as upserts
from api.webhooks.addresses import Guard
from api.webhooks.courier import Courier
from api.webhooks.delivery_routes import router as deliveries
from api.webhooks.recovery_routes import router as recovery
from api.webhooks.routes import router as webhook_endpoints
from api.webhooks.sender import Sender
from api.webhooks.task_routes import router as tasks
from api.webhooks.verbs import router as webhook_endpoint_verbs

VERSION = "1.3.0"
MAILS_READ_AT_ONCE = 2

# Routes are tried in this order, so what is asked most often comes first.
ROUTERS: Sequence[APIRouter] = (
    hooks,
    applications_list,
    people,
    candidates,
    referrers,
    advocates,
    merging,
    jobs,
    applications,
    application_verbs,
    upserts,
    external_refs,
    reasons,
    referrals,
    references,
    advocacies,
    acts,
    captures,
    capture_addresses,
    mails,
    interactions,
    follow_ups_list,
    action_links,
    action_link_pages,
    digests,  # before the follow-ups, one of which its address would be taken for
    follow_ups,
    invitations,
    pipeline,
    briefing,
    support,
    event_stream,  # before the events, one of which its address would be taken for
    events,
    event_types,
    calendar_feed,  # before the calendars, one of which its address would be taken for
    calendars,
    connections,
    connection_verbs,
    inbound_messages,
    webhook_endpoints,
    webhook_endpoint_verbs,
    deliveries,
    recovery,
    tasks,
    policy,
    privacy,
    privacy_records,
    clock,
    health,
)

TAGS = [
    {"name": "people", "description": "Humans known to the workspace: identity, affiliation, availability."},
    {"name": "candidates", "description": "People who are considered for jobs."},
    {"name": "referrers", "description": "People who attach their name to candidates."},
    {"name": "advocates", "description": "People who speak up for candidates to those who decide."},
    {"name": "jobs", "description": "What can be filled, what it requires, and who is on it."},
    {"name": "applications", "description": "One candidate considered for one job: stages, hold, outcome."},
    {"name": "external_refs", "description": "The ids that other systems have for what is here."},
    {"name": "reasons", "description": "Why a candidate fits a job: requirement and claim."},
    {"name": "referrals", "description": "A name attached to a candidate, usually for a job."},
    {"name": "references", "description": "Facts confirmed when asked; shown beside the level, never in it."},
    {"name": "advocacies", "description": "One advocate's ongoing effort for one application."},
    {"name": "acts", "description": "What advocates did: the atoms of evidence, append-only."},
    {"name": "captures", "description": "One flat message that says that somebody spoke up, made into an act."},
    {"name": "capture_addresses", "description": "Secret addresses that people put in BCC, or forward to."},
    {"name": "interactions", "description": "Contact between people: never evidence, and no level hears of it."},
    {"name": "follow_ups", "description": "What the hiring side owes, to whom and by when."},
    {"name": "action_links", "description": "Secret addresses by which one person does one thing, without an account."},
    {"name": "invitations", "description": "What volunteers and listeners could do; never owed, and never overdue."},
    {"name": "briefing", "description": "What changed, what is owed and what needs attention, in one call."},
    {"name": "pipeline", "description": "Counts of stage by level."},
    {"name": "support", "description": "How an application is backed, and why: now, or at any past moment."},
    {"name": "events", "description": "The feed of everything that happened, numbered without gaps."},
    {"name": "event_types", "description": "What can happen: the schema of each event type, with an example."},
    {"name": "calendars", "description": "Secret addresses at which calendar programs read what somebody owes."},
    {"name": "connections", "description": "Applicant tracking systems that tell what happens in them."},
    {"name": "inbound_messages", "description": "What connected systems sent, and what became of it."},
    {"name": "webhook_endpoints", "description": "Receivers that events are sent to, signed."},
    {"name": "hooks", "description": "The addresses that connected systems send to."},
    {"name": "deliveries", "description": "What each endpoint gets: one event each, and every attempt to send it."},
    {"name": "tasks", "description": "Work on many deliveries in the background, and how far it has got."},
    {"name": "policy", "description": "The workspace's numbers, versioned."},
    {"name": "privacy_records", "description": "The audit: who anonymised, exported or told people what."},
    {"name": "clock", "description": "The workspace's time; a sandbox's can be advanced."},
    {"name": "health", "description": "Whether the service lives and can answer."},
]

DESCRIPTION = """\
Did somebody only attach their name to this candidate, or is somebody actively championing them? Record what people did;
ask how an application is backed: on what evidence, since when, how sure, and what is missing for more.
"""


def create_app(
    settings: Settings, *, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
) -> FastAPI:
    """The service without its connections; `attach` gives it those."""
    app = Service(
        title="Championed",
        summary="Who is referred, and who is actively championed.",
        description=DESCRIPTION,
        version=VERSION,
        contact={"name": "Championed", "url": settings.public_url},
        license_info={"name": "Proprietary", "identifier": "LicenseRef-Championed"},
        openapi_tags=TAGS,
        redirect_slashes=False,
        max_body_size=settings.max_body_bytes,
        telemetry=telemetry_config(settings),
        generate_unique_id_function=operation_id,
        lifespan=lifespan,
    )
    install(app, base_url=settings.problem_base_url)
    install_database_answers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(DeliveriesFirst, handlers=app.exception_handlers)
    app.openapi = custom_openapi(  # type: ignore[method-assign]
        app, server_url=settings.public_url, describe_webhooks=describe_webhooks
    )
    return app


def attach(app: FastAPI, databases: Databases, settings: Settings) -> None:
    """Give the service its connections, and fresh memories of keys and rates."""
    app.state.settings = settings
    app.state.databases = databases
    app.state.keyring = Keyring(databases, settings.key_cache_seconds)
    app.state.hook_tokens = HookTokens(databases, settings.key_cache_seconds)
    app.state.wakeups = Wakeups()
    app.state.streams = OpenStreams()
    app.state.sealer = sealer_of(settings)
    app.state.guard = guard_of(settings)
    app.state.mail_reading = asyncio.Semaphore(MAILS_READ_AT_ONCE)
    app.state.door = Door(databases, app.state.sealer, app.state.hook_tokens, settings.key_cache_seconds)
    app.state.rate_limiter = RateLimiter(
        per_minute=settings.rate_limit_per_minute, burst_per_second=settings.rate_limit_burst_per_second
    )


def sealer_of(settings: Settings) -> Sealer:
    """What seals secrets: the keys of the settings, or else the one beside the embedded database."""
    if settings.secret_keys is not None:
        return Sealer.of(settings.secret_keys.split(","))
    return Sealer.of([own_key(settings.data_dir)]) if settings.database_url is None else Sealer(None)


def guard_of(settings: Settings) -> Guard:
    """What judges where webhooks may go, as the settings have it."""
    return Guard(allow_http=settings.webhook_allow_http, allowed_networks=settings.webhook_allowed_networks)


def real_time() -> datetime:
    """The present moment in UTC; everything below receives it."""
    return datetime.now(UTC)


def connect(settings: Settings, owner_url: str) -> Databases:
    """The service's connections to a migrated database."""
    return Databases(
        owner_url=owner_url,
        service_role=settings.service_role,
        clock=real_time,
        pool_size=settings.pool_size,
        replica_url=settings.replica_url,
        service_url=settings.service_database_url,
        is_pooled=settings.service_database_pooled,
        retention=timedelta(days=settings.webhook_retention_days),
    )


def courier_of(settings: Settings, databases: Databases) -> Courier:
    """What sends webhooks, with calls of its own to receivers; whoever runs it closes it."""
    return Courier(
        databases,
        Sender(guard_of(settings), total_seconds=settings.webhook_timeout_seconds),
        sealer_of(settings),
        product_version=VERSION,
        listen_url=settings.listen_database_url or databases.owner_url,
        concurrency=settings.webhook_concurrency,
        schedule=settings.webhook_retry_seconds,
        call_seconds=settings.webhook_timeout_seconds,
    )


def serving(
    settings: Settings, owner_url: str, *, with_worker: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The lifespan of a server process: connections, and the worker beside it unless it runs elsewhere."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        databases = connect(settings, owner_url)
        attach(app, databases, settings)
        courier, stop = courier_of(settings, databases), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            if with_worker:
                seconds = settings.worker_poll_seconds
                tasks.create_task(worker.run(databases, courier, poll_seconds=seconds, stop=stop))
            yield
            stop.set()
        await courier.close()
        await databases.close()

    return lifespan
