"""牌的话：which step a card is about and in whose name it stands, for the messages that tell of it – one statement."""

from collections.abc import Iterable

from django.db import connection

from approvals.wording import CLOCKS
from portal.models import Message
from portal.privacy import shown_name

TOLD = frozenset({"card_remind", "card_yellow", "card_red"})

_WORDS = """
SELECT e.id, c.clock, s.name, o.name, p.title, u.is_staff_member, h.name
FROM portal_event e JOIN portal_message m ON m.event_id = e.id
JOIN services_application a ON a.number = m.subject_number JOIN approvals_case k ON k.application_id = a.id
JOIN approvals_card c ON c.case_id = k.id AND c.key = e.payload->>'key'
LEFT JOIN LATERAL (SELECT name FROM approvals_step s WHERE s.case_id = k.id AND s.key = c.clock LIMIT 1) s ON true
LEFT JOIN portal_post p ON p.id = c.post_id LEFT JOIN portal_office o ON o.id = p.office_id
LEFT JOIN portal_user u ON u.id = c.user_id LEFT JOIN portal_person h ON h.id = u.person_id
WHERE m.id = ANY(%s)
"""


def card_words(messages: Iterable[Message]) -> dict[int, str]:
    """各条发牌消息说的是哪一步、在谁名下, by event; nothing is asked where no message is about a card."""
    asked = [message.pk for message in messages if message.kind in TOLD]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [asked])
        rows = cursor.fetchall()
    return {row[0]: _sentence(*row[1:]) for row in rows}


def _sentence(
    clock: str, step: str | None, office: str | None, post: str | None, is_staff: bool | None, name: str | None
) -> str:
    what = f"环节“{step}”" if step else f"整件的{CLOCKS.get(clock, clock)}期限"
    if name is None:
        return f"{what}，镇上没有人在岗，报县里。"
    return f"{what}，在{post or office or ''} {shown_name(name, staff=bool(is_staff))}名下。"
