"""任职和工作账号：who holds which post from which day; a change ends one holding and begins another, and nothing is rewritten."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from portal import ledger, outbox
from portal.calendars import touch_revision
from portal.clock import Reading
from portal.entering import enter_person
from portal.errors import InvalidInput, NotAllowed
from portal.ledger import Entry
from portal.limits import day_of
from portal.locks import lock_township
from portal.models import (
    Channel,
    Delegation,
    Duty,
    Event,
    Message,
    Office,
    Person,
    Post,
    PostHolding,
    Township,
    User,
    Village,
)
from portal.numbers import ALPHABET
from portal.permissions import find_power, must_recuse, powers_of
from portal.sign_in import forget_attempts, staff_login
from portal.township_file import PostRow, TownshipFile

LEADERS: set[str] = {Duty.TOWN_LEADER}
SECONDS: set[str] = {Duty.TOWN_LEADER, Duty.OFFICE_HEAD, Duty.SUPERVISE}
ONE_DAY = timedelta(days=1)
SIX = ["服务内容", "办事程序", "申报材料", "承诺时限", "收费标准和依据", "办理结果"]
STRICT = ["严格按程序办理", "严格按时限办结"]


@dataclass(frozen=True, slots=True)
class Secret:
    """一个密码和它的散列"""

    text: str
    hashed: str


@dataclass(slots=True)
class Imported:
    """导入做了什么: sentences, and the one-time passwords of new accounts by work name."""

    done: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)


def import_township(file: TownshipFile) -> Imported:
    """导入一个乡镇 – all or nothing, a second time nothing; InvalidInput says what does not fit to what is there."""
    result, secrets_of = Imported(), _secrets_for(file)
    with transaction.atomic():
        township = _save_township(file.township, result)
        clock = lock_township(township.pk)
        villages = {row["slug"]: _save(Village, township, "slug", row, result) for row in file.villages}
        offices = {row["key"]: _save(Office, township, "key", row, result) for row in file.offices}
        people = {row["work_name"]: _save_person(township, row, secrets_of, clock, result) for row in file.people}
        for order, row in enumerate(file.posts):
            post = _save_post(township, row, order, offices, villages, result)
            if row.holder:
                _seat(post, people[row.holder], row.since, clock, result)
            else:
                _vacate(post, row.since, clock, result)
        touch_revision("public")
    return result


def take_post(*, post: Post, user: User, on: date, by: User) -> PostHolding:
    """任岗 – `user` holds the post from `on` (not before today); who holds it now ends the day before.

    NotAllowed unless a leader of the township does it, and not for himself; InvalidInput where the days do not fit.
    """
    with transaction.atomic():
        clock = lock_township(post.township_id)
        _require_leader(by, post.township_id, clock)
        if user.person_id == by.person_id:
            raise NotAllowed("不能给自己安排岗位，请另一位镇领导来办。")
        if user.township_id != post.township_id or not user.is_staff_member or not user.is_active:
            raise InvalidInput("这个人不是本镇在用的工作账号。")
        if on < day_of(clock.at):
            raise InvalidInput("任岗的日子不能在今天以前：以前的件由当时在岗的人负责。")
        return _take(post, user, on, clock, by)


def leave_post(*, post: Post, through: date, by: User) -> PostHolding:
    """离岗 – the holder keeps the post through that day (not before today); after it, its power goes up as the engine says."""
    with transaction.atomic():
        clock = lock_township(post.township_id)
        _require_leader(by, post.township_id, clock)
        if through < day_of(clock.at):
            raise InvalidInput("离岗的日子不能在今天以前：以前的件由当时在岗的人负责。")
        return _leave(post, through, clock, by)


def open_account(*, township: Township, work_name: str, name: str, by: User) -> tuple[User, str]:
    """开一个工作账号: with a one-time password, shown once; by a leader (NotAllowed), under a new name (InvalidInput)."""
    secret = one_time_password()
    with transaction.atomic():
        clock = lock_township(township.pk)
        _require_leader(by, township.pk, clock)
        if User.objects.filter(login=staff_login(work_name)).exists():
            raise InvalidInput("这个工作名已经有人用了，请换一个。", code="taken")
        row = {"work_name": work_name, "name": name, "identity": "", "phone": ""}
        return _open(township, row, secret, clock, by), secret.text


def reset_staff_password(*, user: User, by: User, second: User, reason: str) -> str:
    """两个人重设工作账号的密码: the one-time password, shown once; it must be changed at the next sign-in (engine 10).

    NotAllowed unless a leader and another leader, head or supervisor of the township act, neither of them for himself.
    """
    township_id = user.township_id
    if township_id is None:
        raise InvalidInput("这不是本镇的工作账号。")
    secret = one_time_password()
    with transaction.atomic():
        clock = lock_township(township_id)
        _require_leader(by, township_id, clock)
        other = [power for power in powers_of(second, clock.at, lock=True) if power.post.township_id == township_id]
        found = find_power(other, office=None, duties=SECONDS)
        if found is None:
            raise NotAllowed("第二个人要是镇领导、所办负责人或督查岗位。")
        if len({user.person_id, by.person_id, second.person_id}) < 3:
            raise NotAllowed("要两个人核实，都不能是账号本人，也不能是同一个人。")
        if must_recuse(by, user.person) or must_recuse(second, user.person):
            raise NotAllowed("这是您们当中一位亲属的账号，依法应当回避，请换人办。")
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.password, locked.must_change_password = secret.hashed, True
        locked.save(update_fields=["password", "must_change_password"])
        facts = {"reason": reason, "second": second.pk, "second_post": found.post.pk}
        event = _record(f"account:{user.pk}", township_id, "password_reset", facts, clock, by)
        _tell(event, "password_reset", [user.pk], clock)
        forget_attempts(locked.login)
        return secret.text


def close_account(*, user: User, by: User, reason: str) -> None:
    """停用工作账号 – at once: nobody signs in with it any more, and who is signed in is out; what he has done stays his.

    By a leader (NotAllowed), not for himself; InvalidInput without a reason, or while he has a post or a deputy's power:
    these end first, so that no case is left with somebody who cannot come.
    """
    with transaction.atomic():
        locked, township_id, clock = _account_for(user, by)
        if not reason.strip():
            raise InvalidInput("请写一句为什么停用。")
        if not locked.is_active:
            raise InvalidInput("这个账号已经停用了。", code="taken")
        _require_unseated(locked, clock)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _record(f"account:{locked.pk}", township_id, "account_closed", {"reason": reason.strip()}, clock, by)


def reopen_account(*, user: User, by: User) -> str:
    """恢复工作账号 – with a new one-time password, shown once; by a leader (NotAllowed), and only a closed one (InvalidInput)."""
    secret = one_time_password()
    with transaction.atomic():
        locked, township_id, clock = _account_for(user, by)
        if locked.is_active:
            raise InvalidInput("这个账号没有停用。", code="taken")
        locked.is_active, locked.password, locked.must_change_password = True, secret.hashed, True
        locked.save(update_fields=["is_active", "password", "must_change_password"])
        _record(f"account:{locked.pk}", township_id, "account_reopened", {}, clock, by)
        forget_attempts(locked.login)
    return secret.text


def _account_for(user: User, by: User) -> tuple[User, int, Reading]:
    """锁上本镇的一个工作账号, for a leader who is not its owner."""
    if user.township_id is None or not user.is_staff_member:
        raise InvalidInput("这不是本镇的工作账号。")
    clock = lock_township(user.township_id)
    _require_leader(by, user.township_id, clock)
    if user.person_id == by.person_id:
        raise NotAllowed("自己的账号请另一位镇领导来办。")
    return User.objects.select_for_update(of=["self"]).select_related("person").get(pk=user.pk), user.township_id, clock


def _require_unseated(user: User, clock: Reading) -> None:
    later = Q(ends_on=None) | Q(ends_on__gte=day_of(clock.at))
    held = PostHolding.objects.filter(later, user=user).select_related("post").order_by("starts_on").first()
    if held is not None:
        raise InvalidInput(f"{user.display_name}还有“{held.post.title}”这个岗位。先在岗位的页面记下离岗，做完那天就能停用。")
    running = Delegation.objects.filter(deputy=user, revoked_at=None, ends_at__gt=clock.at).select_related("post").first()
    if running is not None:
        raise InvalidInput(f"{user.display_name}还代着“{running.post.title}”。先把代理收回，再停用。")


def one_time_password() -> Secret:
    """一次性密码: made before any lock is taken – the hash is slow on purpose, and forty of them outlast a transaction."""
    password = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return Secret(password, make_password(password))


def _secrets_for(file: TownshipFile) -> dict[str, Secret]:
    """还没有账号的人的一次性密码"""
    logins = {staff_login(row["work_name"]): row["work_name"] for row in file.people}
    known = set(User.objects.filter(login__in=logins).values_list("login", flat=True))
    return {name: one_time_password() for login, name in logins.items() if login not in known}


def _require_leader(by: User, township_id: int, clock: Reading) -> None:
    powers = [power for power in powers_of(by, clock.at, lock=True) if power.post.township_id == township_id]
    if find_power(powers, office=None, duties=LEADERS) is None:
        raise NotAllowed("岗位和工作账号由镇领导安排。")


# -- holdings ---------------------------------------------------------------------------------------


def _take(post: Post, user: User, on: date, clock: Reading, by: User | None) -> PostHolding:
    later = PostHolding.objects.select_for_update().filter(post=post, starts_on__gte=on).order_by("starts_on").first()
    if later is not None:
        raise InvalidInput(f"“{post.title}”从{later.starts_on}起已经安排了人，新的安排要在那以后。")
    before = PostHolding.objects.select_for_update().filter(post=post).order_by("-starts_on").first()
    if before is not None and (before.ends_on is None or before.ends_on >= on):
        if before.user_id == user.pk and before.ends_on is None:
            raise InvalidInput(f"“{post.title}”现在就是{user.display_name}。")
        before.ends_on = on - ONE_DAY
        before.save(update_fields=["ends_on"])
    holding = PostHolding.objects.create(post=post, user=user, starts_on=on)
    event = _record(f"post:{post.pk}", post.township_id, "post_taken", {"user": user.pk, "on": on.isoformat()}, clock, by)
    told = {user.pk} | ({before.user_id} if before is not None and before.ends_on == on - ONE_DAY else set())
    _tell(event, "post_changed", told, clock)
    return holding


def _leave(post: Post, through: date, clock: Reading, by: User | None) -> PostHolding:
    last = PostHolding.objects.select_for_update().filter(post=post).order_by("-starts_on").first()
    if last is None or (last.ends_on is not None and last.ends_on <= through):
        raise InvalidInput(f"“{post.title}”那天以后本来就没有人。")
    if last.starts_on > through:
        raise InvalidInput(f"“{post.title}”从{last.starts_on}起才有人，离岗要在那以后。")
    last.ends_on = through
    last.save(update_fields=["ends_on"])
    facts = {"user": last.user_id, "through": through.isoformat()}
    event = _record(f"post:{post.pk}", post.township_id, "post_left", facts, clock, by)
    _tell(event, "post_changed", {last.user_id}, clock)
    return last


def _seat(post: Post, user: User, since: date, clock: Reading, result: Imported) -> None:
    """照文件任岗: a post that was never held may begin in the past, a change of holders may not."""
    last = PostHolding.objects.filter(post=post).order_by("-starts_on").first()
    if last is not None and last.user_id == user.pk and last.ends_on is None:
        return
    if last is not None and since < day_of(clock.at):
        raise InvalidInput(f"“{post.title}”换人的日子（{since}）已经过去，只能从今天起换。")
    _take(post, user, since, clock, None)
    result.done.append(f"{post.title}：{user.display_name}，{since}起")


def _vacate(post: Post, since: date, clock: Reading, result: Imported) -> None:
    last = PostHolding.objects.filter(post=post).order_by("-starts_on").first()
    if last is None or last.ends_on is not None and last.ends_on < since:
        return
    if since <= day_of(clock.at):
        raise InvalidInput(f"“{post.title}”空出来的日子（{since}）要在今天以后。")
    _leave(post, since - ONE_DAY, clock, None)
    result.done.append(f"{post.title}：{since}起空岗")


# -- what the file says -------------------------------------------------------------------------------


def _save_township(row: Mapping[str, Any], result: Imported) -> Township:
    if row["host"] and Township.objects.filter(host=row["host"]).exclude(slug=row["slug"]).exists():
        raise InvalidInput(f"域名 {row['host']} 已经是别的乡镇的。")
    if row["is_default"] and Township.objects.filter(is_default=True).exclude(slug=row["slug"]).exists():
        raise InvalidInput("已经有默认乡镇了，一个部署只有一个。")
    found = Township.objects.select_for_update().filter(slug=row["slug"]).first()
    if found is None:
        result.done.append(f"新建乡镇：{row['name']}")
        return Township.objects.create(**row, disclosures=SIX, strictness=STRICT)
    _update(found, row, result)
    return found


def _save(model: Any, township: Township, key: str, row: Mapping[str, Any], result: Imported) -> Any:
    found = model.objects.filter(township=township, **{key: row[key]}).first()
    if found is None:
        result.done.append(f"新建：{row['name']}")
        return model.objects.create(township=township, **row)
    _update(found, row, result)
    return found


def _update(found: Any, row: Mapping[str, Any], result: Imported) -> None:
    changed = [name for name, value in row.items() if getattr(found, name) != value]
    if changed:
        for name in changed:
            setattr(found, name, row[name])
        found.save(update_fields=changed)
        result.done.append(f"改了：{row.get('name') or row['title']}（{'、'.join(changed)}）")


def _save_post(
    township: Township,
    row: PostRow,
    order: int,
    offices: Mapping[str, Office],
    villages: Mapping[str, Village],
    result: Imported,
) -> Post:
    village = villages.get(row.village)
    facts = {"title": row.title, "serves": list(row.serves), "phone": row.phone, "place": row.place, "order": order}
    found = Post.objects.filter(township=township, office=offices[row.office], title=row.title, village=village).first()
    if found is None:
        result.done.append(f"新建岗位：{row.title}")
        return Post.objects.create(township=township, office=offices[row.office], village=village, duty=row.duty, **facts)
    if found.duty != row.duty:
        raise InvalidInput(f"“{row.title}”的职责不能改：办过的件照原来的职责记着。请另设一个岗位。")
    _update(found, facts, result)
    return found


def _save_person(
    township: Township, row: Mapping[str, Any], secrets_of: Mapping[str, Secret], clock: Reading, result: Imported
) -> User:
    found = User.objects.select_related("person").filter(login=staff_login(row["work_name"])).first()
    if found is None:
        secret = secrets_of[row["work_name"]]
        user = _open(township, row, secret, clock, None)
        result.passwords[row["work_name"]] = secret.text
        result.done.append(f"新开账号：{row['work_name']}")
        return user
    if found.township_id != township.pk:
        raise InvalidInput(f"工作名 {row['work_name']} 是别的乡镇的。")
    if found.person.name != row["name"]:
        raise InvalidInput(f"工作名 {row['work_name']} 已经是另一个人的，请换一个工作名。")
    return found


def _open(township: Township, row: Mapping[str, Any], secret: Secret, clock: Reading, by: User | None) -> User:
    if row["identity"]:
        person = enter_person(name=row["name"], identity=row["identity"], phone=row["phone"], village=None)
    else:
        person = Person.objects.create(name=row["name"])
    user = User.objects.create(
        login=staff_login(row["work_name"]),
        person=person,
        township=township,
        is_staff_member=True,
        must_change_password=True,
        password=secret.hashed,
        created_at=clock.at,
    )
    _record(f"account:{user.pk}", township.pk, "account_opened", {}, clock, by or user)
    return user


def _record(stream: str, township_id: int, kind: str, payload: dict[str, Any], clock: Reading, by: User | None) -> Event:
    last = Event.objects.filter(stream=stream).order_by("-sequence").first()
    entry = Entry(kind, payload, actor=by)
    (event,) = ledger.append(township=township_id, stream=stream, entries=[entry], after=last, clock=clock)
    return event


def _tell(event: Event, kind: str, recipients: Iterable[int], clock: Reading) -> None:
    messages = outbox.post(
        event=event, kind=kind, recipients=sorted(recipients), number="", clock=clock, channels=[Channel.IN_SITE]
    )
    Message.objects.bulk_create(messages)
