"""演示里谁来办：whoever holds the power at that instant, and someone else under 回避."""

from datetime import datetime

from approvals.models import Case, Step
from portal.models import Duty, Post, User
from portal.permissions import holder_of, must_recuse
from portal.roster import current_roster
from services.models import Application

ANYBODY = {
    Duty.WINDOW: (Duty.WINDOW,),
    Duty.AGENT: (Duty.AGENT, Duty.VILLAGE_AGENT),
    Duty.VILLAGE_AGENT: (Duty.VILLAGE_AGENT, Duty.AGENT),
    Duty.TOWN_LEADER: (Duty.TOWN_LEADER,),
}


def window_of(application: Application, at: datetime) -> User:
    """受理的人"""
    case = Case.objects.select_related("window").get(application=application)
    others = _posts(application, Duty.WINDOW)
    return _first([case.window, *others] if case.window else others, application, at)


def actor_of(step: Step, application: Application, at: datetime) -> User:
    """办这个环节的人"""
    assert step.post is not None  # every demo office is manned
    duty = Duty(step.post.duty)
    others = _posts(application, *ANYBODY.get(duty, ()))
    heads = Post.objects.filter(office=step.office_id, duty=Duty.OFFICE_HEAD)
    return _first([step.post, *others, *heads], application, at)


def head_of(application: Application, at: datetime) -> User:
    """责任站所的负责人, else a leader of the township."""
    heads = Post.objects.filter(
        township=application.township_id, office__key=application.rules.office, duty=Duty.OFFICE_HEAD
    )
    return _first([*heads, *_posts(application, Duty.TOWN_LEADER)], application, at)


def stopper_of(step: Step | None, application: Application, at: datetime) -> User:
    """停表、恢复的人: who has the step, else the item's own head where a window or an agent carries it."""
    carried = step is None or step.post is None or Duty(step.post.duty) in {Duty.WINDOW, Duty.AGENT, Duty.VILLAGE_AGENT}
    return head_of(application, at) if step is None or carried else actor_of(step, application, at)


def supervisor_of(application: Application, at: datetime) -> User:
    """督查岗"""
    return _first(_posts(application, Duty.SUPERVISE), application, at)


def village_agent_of(villager: User, at: datetime) -> User | None:
    """村民所在村的代办员"""
    post = Post.objects.filter(village=villager.person.village_id, duty=Duty.VILLAGE_AGENT).first()
    return holder_of(post, at) if post else None


def _posts(application: Application, *duties: str) -> list[Post]:
    return list(Post.objects.filter(township=application.township_id, duty__in=duties)) if duties else []


def _first(posts: list[Post], application: Application, at: datetime) -> User:
    """头一个不用回避的: a post's deputy, or else whoever gave the post away and still holds it."""
    for post in posts:
        titular = current_roster().titular(post, at)
        for user in (holder_of(post, at), User.objects.get(pk=titular) if titular is not None else None):
            if user is not None and not must_recuse(user, application.applicant):
                return user
    raise LookupError("没有能办的人")
