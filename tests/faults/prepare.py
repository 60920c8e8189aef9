"""扰动测试的台面：`python -m tests.faults.prepare COUNT` – a township, drafts to file, cases about to end; answers in JSON.

Runs on the run's own database with the clock set three days back, so that the cases end where the run begins.
"""

import json
import os
import sys

import django


def main() -> None:
    """造好台面，印出名单"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    # after setup: all of it needs the models
    from approvals import actions
    from approvals.actions.modes import switch_on
    from portal.bench.targets import sign_in
    from portal.models import CalendarVersion
    from services.definition import Citation, OnTimeout
    from services.models import Application
    from tests.factories import file_application, make_draft
    from tests.world import build_world, find_world

    if sys.argv[1] == "world":
        build_world()
        assert CalendarVersion.objects.exists()
        return
    world, count = find_world(), int(sys.argv[1])
    if sys.argv[2] == "early":  # three days before: what will end
        rule = Citation("示例省食品摊贩备案办法（虚构）", "第八条", "2026-01-05")
        switch_on(item=world.item("SJ-002"), target="item", mode=OnTimeout.RECORD, citation=rule, by=world.pi)
        ending = [file_application(world, "SJ-002").number for _ in range(count)]
        sys.stdout.write(json.dumps({"ending": ending}))
        return
    drafts = [make_draft(world, "SJ-002").number for _ in range(count)]
    filed = [file_application(world, "SJ-002").number for _ in range(count)]
    accepted = []
    for _ in range(count):
        application = file_application(world, "SJ-002")
        actions.accept(application=application, by=world.wang)
        accepted.append(application.number)
    assert Application.objects.filter(number__in=drafts, state="draft").count() == count
    cookies = {name: sign_in(world.users[name]) for name in ("an", "wang", "shi")}
    sys.stdout.write(json.dumps({"drafts": drafts, "filed": filed, "accepted": accepted, "cookies": cookies}))


if __name__ == "__main__":
    main()
