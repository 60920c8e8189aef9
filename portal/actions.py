"""账号的写：sign up, change what is one's own, and the window's reset by two people; each is on the record."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from portal import ledger, outbox
from portal.clock import Reading, read_clock
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.keys import keys
from portal.ledger import Entry
from portal.models import Channel, Duty, Event, Message, Person, Post, Township, User, Village
from portal.numbers import ALPHABET
from portal.permissions import Power, find_power, must_recuse, powers_of
from portal.sign_in import forget_attempts, villager_login

# 收集个人信息的告知，改了内容就换一个版本号；登记时看到的是哪一版，记在台账里。
NOTICE_VERSION = "2026-11"
RESET_REASONS = {"forgotten": "忘了密码", "lost": "手机丢了或换了", "misused": "账号被别人用过"}
SECOND_DUTIES: set[str] = {Duty.OFFICE_HEAD, Duty.SUPERVISE}
TAKEN = "这样登记不了：电话或身份证号可能已经登记过，或者和窗口留的不一样。登记过就直接登录；忘了密码、换了电话，带身份证到窗口。"
NOT_YET_TOLD = "刚换过电话，给旧号的短信还没有发出。请过几分钟再换。"
NO_MATCH = "电话和身份证号对不上任何一个账号，请看着身份证再核一遍。"


def sign_up(
    *, township: Township, name: str, phone: str, identity: str, village: Village, password: str
) -> User:
    """登记一个村民账号; InvalidInput in the same words whichever of phone and identity is known already.

    A person whom a window has entered before is linked only if name and phone are the same.
    """
    hashed = make_password(password)
    try:
        with transaction.atomic():
            person = _person_for(name=name, phone=phone, identity=identity, village=village)
            clock = read_clock()
            user = User.objects.create(
                login=villager_login(phone), person=person, password=hashed, created_at=clock.at
            )
            _record(user, township, clock, "signed_up", {"notice": NOTICE_VERSION})
            return user
    except IntegrityError:
        raise InvalidInput(TAKEN, code="taken") from None


def _person_for(*, name: str, phone: str, identity: str, village: Village) -> Person:
    person = Person.objects.select_for_update().filter(id_hash=keys().lookup("id", identity)).first()
    if person is None:
        return Person.objects.create(
            name=name,
            id_sealed=keys().seal_text(identity),
            id_hash=keys().lookup("id", identity),
            phone_sealed=keys().seal_text(phone),
            phone_hash=keys().lookup("phone", phone),
            village=village,
        )
    known = person.name == name and person.phone_hash == keys().lookup("phone", phone)
    if not known or person.users.filter(is_staff_member=False).exists():
        raise InvalidInput(TAKEN, code="taken")
    if person.village is None:
        person.village = village
        person.save(update_fields=["village"])
    return person


def record_sign_in(*, user: User, township: Township) -> None:
    """登录成功记一笔 (等保 安全审计)"""
    with transaction.atomic():
        locked = _lock(user)
        _record(locked, township, read_clock(), "signed_in", {})


def change_password(*, user: User, township: Township, password: str) -> User:
    """改自己的密码: every other session ends, because a session is bound to the password."""
    with transaction.atomic():
        locked = _lock(user)
        clock = read_clock()
        locked.password, locked.must_change_password = make_password(password), False
        locked.save(update_fields=["password", "must_change_password"])
        event = _record(locked, township, clock, "password_changed", {})
        _tell(locked, event, "password_changed", clock, [Channel.IN_SITE])
        return locked


def change_phone(*, user: User, township: Township, phone: str) -> User:
    """换登录电话（村民）: the old number is told; InvalidInput if the new one cannot be used.

    WrongState while the number replaced before is still to be told.
    """
    if user.is_staff_member:
        raise NotAllowed("工作人员用工作名登录，岗位电话由管理员改。")
    try:
        with transaction.atomic():
            locked = _lock(user)
            if locked.login == villager_login(phone):
                return locked  # sent a second time: the number it replaced must still be told
            if Message.objects.filter(recipient=locked, kind="phone_changed", channel=Channel.SMS, state="waiting").exists():
                raise WrongState(NOT_YET_TOLD)  # it goes to the number replaced last, which must not be another by then
            clock, person = read_clock(), locked.person
            person.previous_phone_sealed = person.phone_sealed
            person.phone_sealed = keys().seal_text(phone)
            person.phone_hash = keys().lookup("phone", phone)
            person.save(update_fields=["previous_phone_sealed", "phone_sealed", "phone_hash"])
            locked.login = villager_login(phone)
            locked.save(update_fields=["login"])
            event = _record(locked, township, clock, "phone_changed", {})
            _tell(locked, event, "phone_changed", clock, [Channel.IN_SITE, Channel.SMS, Channel.EMAIL])
            return locked
    except IntegrityError:
        raise InvalidInput("这个电话换不了，请核对一遍，或带身份证到窗口换。", code="taken") from None


def change_email(*, user: User, township: Township, email: str) -> User:
    """换邮箱，空的就是不再收邮件"""
    with transaction.atomic():
        locked = _lock(user)
        locked.person.email_sealed = keys().seal_text(email)
        locked.person.save(update_fields=["email_sealed"])
        _record(locked, township, read_clock(), "email_changed", {"given": bool(email)})
        return locked


def record_export(*, user: User, township: Township) -> None:
    """本人拿走一份自己的信息，记一笔"""
    with transaction.atomic():
        locked = _lock(user)
        _record(locked, township, read_clock(), "exported", {})


def reset_password(
    *, clerk: User, second: User, township: Township, phone: str, identity: str, reason: str
) -> str:
    """窗口两人核实后重设村民密码: the one-time password, shown once; it must be changed at the next sign-in.

    NotAllowed unless a window clerk and another person (所办负责人 or 督查) of this township act together.
    """
    with transaction.atomic():
        clock = read_clock()
        first_power = _power(clerk, township, {Duty.WINDOW}, clock, "重设密码由窗口岗位办。")
        second_power = _power(second, township, SECOND_DUTIES, clock, "第二个人要是所办负责人或督查岗位。")
        if second.person_id == clerk.person_id:
            raise NotAllowed("要两个人核实，第二个人不能是您自己。")
        user = _account_of(township, phone, identity)
        if must_recuse(clerk, user.person) or must_recuse(second, user.person):
            raise NotAllowed("这是您们当中一位本人或亲属的账号，依法应当回避，请换人办。")
        password = _one_time_password()
        user.password, user.must_change_password = make_password(password), True
        user.save(update_fields=["password", "must_change_password"])
        facts = {"reason": reason, "second": second.pk, "second_post": second_power.post.pk}
        event = _record(user, township, clock, "password_reset", facts, actor=clerk, power=first_power)
        _tell(user, event, "password_reset", clock, [Channel.IN_SITE, Channel.SMS, Channel.EMAIL])
        forget_attempts(user.login)
    return password


def mark_read(*, user: User, through: int) -> int:
    """把到某一条为止的站内消息都算看过; the number that was new."""
    unread = Message.objects.filter(recipient=user, channel=Channel.IN_SITE, read_at=None, pk__lte=through)
    return unread.update(read_at=read_clock().at)


def _account_of(township: Township, phone: str, identity: str) -> User:
    user = (
        User.objects.select_for_update(of=("self",))
        .select_related("person__village")
        .filter(login=villager_login(phone), is_active=True)
        .first()
    )
    if user is None or user.person.id_hash != keys().lookup("id", identity):
        raise InvalidInput(NO_MATCH, code="no_match")
    if user.person.village is not None and user.person.village.township_id != township.pk:
        raise InvalidInput("这个账号登记在别的乡镇，请到那边的窗口办。", code="other_township")
    return user


def _power(user: User, township: Township, duties: set[str], clock: Reading, refusal: str) -> Power:
    powers = [
        power for power in powers_of(user, clock.at, lock=True) if power.post.township_id == township.pk
    ]
    found = find_power(powers, office=None, duties=duties)
    if found is None:
        raise NotAllowed(refusal)
    return found


def _one_time_password() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def _lock(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)


def _record(
    user: User,
    township: Township,
    clock: Reading,
    kind: str,
    payload: dict[str, Any],
    *,
    actor: User | None = None,
    power: Power | None = None,
) -> Event:
    stream = f"account:{user.pk}"
    post: Post | None = power.post if power else None
    entry = Entry(
        kind, payload, actor=actor or user, post=post, on_behalf_of=power.on_behalf_of if power else None
    )
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    return ledger.append(township=township, stream=stream, entries=[entry], after=last, clock=clock)[0]


def _tell(user: User, event: Event, kind: str, clock: Reading, channels: Iterable[str]) -> None:
    rows = outbox.post(
        event=event, kind=kind, recipients=[user.pk], number="", clock=clock, channels=channels
    )
    Message.objects.bulk_create(rows)
