"""The one schema: importing this package makes the metadata complete."""

from api.models.act import Act, ActListener, ActReason, ActStatement, Ask, AskAnswer
from api.models.advocacy import Advocacy, AdvocacyStatement, AdvocacyTransition
from api.models.application import Application, NextStepChange, Reason, StageChange, SupportChange
from api.models.base import WorkspaceOwned
from api.models.capture import Capture, CaptureAddress
from api.models.follow_up import (
    ActionLink,
    Calendar,
    Digest,
    FollowUp,
    FollowUpChange,
    FollowUpSubject,
    Invitation,
)
from api.models.inbound import (
    Connection,
    ConnectionPerson,
    ExternalRef,
    HookToken,
    InboundMessage,
    InboundSubject,
)
from api.models.interaction import Interaction
from api.models.job import Job, JobMember, Requirement
from api.models.outbox import Event
from api.models.person import AffiliationRecord, AvailabilityRecord, Person
from api.models.privacy import Erasure, PrivacyRecord
from api.models.referral import (
    Reference,
    ReferenceStatement,
    ReferenceTransition,
    Referral,
    ReferralReason,
    ReferralStatement,
    ReferralTransition,
)
from api.models.roles import Advocate, Candidate, Referrer
from api.models.webhook import Attempt, Delivery, Task, WebhookEndpoint
from api.models.workspace import ApiKey, EventCounter, IdempotencyKey, PolicyVersion, Workspace

__all__ = [
    "Act",
    "ActListener",
    "ActReason",
    "ActStatement",
    "ActionLink",
    "Advocacy",
    "AdvocacyStatement",
    "AdvocacyTransition",
    "Advocate",
    "AffiliationRecord",
    "ApiKey",
    "Application",
    "Ask",
    "AskAnswer",
    "Attempt",
    "AvailabilityRecord",
    "Calendar",
    "Candidate",
    "Capture",
    "CaptureAddress",
    "Connection",
    "ConnectionPerson",
    "Delivery",
    "Digest",
    "Erasure",
    "Event",
    "EventCounter",
    "ExternalRef",
    "FollowUp",
    "FollowUpChange",
    "FollowUpSubject",
    "HookToken",
    "IdempotencyKey",
    "InboundMessage",
    "InboundSubject",
    "Interaction",
    "Invitation",
    "Job",
    "JobMember",
    "NextStepChange",
    "Person",
    "PolicyVersion",
    "PrivacyRecord",
    "Reason",
    "Reference",
    "ReferenceStatement",
    "ReferenceTransition",
    "Referral",
    "ReferralReason",
    "ReferralStatement",
    "ReferralTransition",
    "Referrer",
    "Requirement",
    "StageChange",
    "SupportChange",
    "Task",
    "WebhookEndpoint",
    "Workspace",
    "WorkspaceOwned",
]
