"""通知渠道：in-site, e-mail and SMS behind one interface; outside messages hold number and state only."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from portal.models import Channel, Message
from portal.numbers import grouped
from portal.privacy import mask_phone
from portal.wording import message_text

logger = logging.getLogger("portal.channels")
Sender = Callable[[Message], None]


def send_email(message: Message) -> None:
    """发电子邮件: subject and body carry the case number, never a name or a matter; no address, nothing to send."""
    address = message.recipient.person.email
    if address:
        text = message_text(message.kind, grouped(message.subject_number))
        matter = f"办件 {grouped(message.subject_number)}" if message.subject_number else "您的账号"
        EmailMessage(
            subject=f"【{message.township.name}便民服务中心】{matter}",
            body=f"{text}\n\n请登录 {settings.PUBLIC_URL} 查看。\n便民电话 {message.township.hotline}",
            to=[address],
            headers={"Message-ID": f"<message-{message.pk}@portal.invalid>"},
        ).send()


def phone_for(message: Message) -> str:
    """短信该发到哪个号: a changed number is told to the old one (T12)."""
    person = message.recipient.person
    return person.previous_phone if message.kind == "phone_changed" else person.phone


def send_sms(message: Message) -> None:
    """发短信: until a gateway is configured they go to a file, the phone number masked."""
    text = message_text(message.kind, grouped(message.subject_number))
    path = Path(settings.DATA_DIR) / "sms.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if message.attempts > 1 and _is_written(path, message.pk):
        return  # a worker has died between handing it over and saying so; the villager must not be told twice
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{message.pk}\t{message.recipient_id}\t{mask_phone(phone_for(message))}\t{text}\n")


def _is_written(path: Path, pk: int) -> bool:
    """上一次已经交出去了: as a gateway knows a message by the number it was given."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as log:
        return any(line.startswith(f"{pk}\t") for line in log)


def send_in_site(message: Message) -> None:
    """站内消息: the row is the message."""


SENDERS: dict[str, Sender] = {Channel.EMAIL: send_email, Channel.SMS: send_sms, Channel.IN_SITE: send_in_site}


def sender_for(channel: str) -> Sender:
    """某渠道的发送函数; KeyError for an unknown one."""
    return SENDERS[channel]
