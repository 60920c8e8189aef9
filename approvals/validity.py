"""有效期：the day through which a result holds, and the day on which its holder is reminded. Pure."""

from datetime import date, timedelta

from portal.limits import add_months
from services.definition import ItemDefinition

AHEAD = 30  # 自然日: so long before the last day on which a renewal is in time


def valid_until(rules: ItemDefinition, day: date, expires_on: date | None = None) -> date:
    """有效期到哪天: that many months after the day of effect, which itself is not counted (民法典 201、202).

    `expires_on` is the last day of the permit that was renewed: the new term begins with the old one's end, no sooner.
    Nothing is to be done on the last day, so unlike a limit it moves for no rest day and is never 暂定.
    """
    return add_months(max(day, expires_on or day), rules.validity_months)


def renew_by(rules: ItemDefinition, until: date) -> date:
    """最晚哪天申请延续: later ones are taken in too, but silence renews them no longer (行政许可法 50)."""
    return until - timedelta(days=rules.renewal_days)


def reminded_on(rules: ItemDefinition, day: date, until: date) -> date:
    """哪天提醒: a month before the renewal has to be applied for; of a short term not before half of it has passed."""
    return max(day + (until - day) // 2, renew_by(rules, until) - timedelta(days=AHEAD))
