"""门户与基础的数据表"""

from portal.models.calendar import CalendarVersion, Freeze, LocalClosing, Outage, Revision
from portal.models.people import Absence, Delegation, Person, Post, PostHolding, Relation, User
from portal.models.places import Office, OfficeLevel, Township, Village
from portal.models.record import Event, Heartbeat, IdempotencyKey, Message, SignInAttempt
from portal.models.vocabulary import Channel, Duty, MessageState

__all__ = [
    "Absence",
    "CalendarVersion",
    "Channel",
    "Delegation",
    "Duty",
    "Event",
    "Freeze",
    "Heartbeat",
    "IdempotencyKey",
    "LocalClosing",
    "Message",
    "MessageState",
    "Office",
    "OfficeLevel",
    "Outage",
    "Person",
    "Post",
    "PostHolding",
    "Relation",
    "Revision",
    "SignInAttempt",
    "Township",
    "User",
    "Village",
]
