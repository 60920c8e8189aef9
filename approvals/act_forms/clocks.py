"""中止、恢复、延长的表单：of which step, for which reason, until when, and who signs beside."""

from django import forms

from approvals import actions
from approvals.act_forms.base import ActForm, long_text
from approvals.forms import ChineseDateField, sentence
from approvals.pausing import clocks_stopped, days_left, needs_second, running_notices
from portal.errors import InvalidInput
from portal.forms import offer
from portal.models import User
from portal.sign_in import login_of, verify
from services.definition import PauseReason


class PauseForm(ActForm):
    title, submit = "中止计时", "发出通知，停表"
    hint = "只能为列出的事由停表，并且要给申请人书面通知。停到写明的那天，到时自己恢复。"
    done = "通知已经发出，表停了。"

    reason = forms.ChoiceField(label="事由", widget=forms.RadioSelect, error_messages=sentence("请选一个事由。"))
    until = ChineseDateField(
        label="停到哪天", help_text="写成 2026-9-23 这样。", error_messages=sentence("请写停到哪天。")
    )
    notice = long_text(
        "通知的内容", "没有发出书面通知，不能中止计时。请写明要做什么、需要多久。", help_text="要做什么、为什么、需要多久。"
    )

    def prepare(self) -> None:
        """停哪个环节，没有写明的要选; 事由来自这一版的规则; 九成以后要第二人签"""
        state, stopped = self.folded.state, running_notices(self.folded.state.pauses)
        running = {step.stage.key: step for step in state.open_steps}
        free = self.offered or [key for key in running if key not in stopped]
        names = {key: step.stage.name for key, step in running.items() if key in free}
        if running and self.step not in running:
            missing = sentence("请选停哪个环节，别的环节照走。")
            step = forms.ChoiceField(
                label="停哪个环节", choices=list(names.items()), widget=forms.RadioSelect, error_messages=missing
            )
            self.fields = {"step": step, **self.fields}
        offer(self, "reason", [(r.key, f"{r.name}（{self._most(r)}，{r.basis}）") for r in self.rules.pause_reasons])
        asked = [self.step] if self.step in running else list(names) or [""]
        views = [running.get(key) for key in asked]
        reasons = self.rules.pause_reasons
        near = {needs_second(state, clocks_stopped(state, rule.clocks, view)) for rule in reasons for view in views}
        if True in near:
            self._ask_second(always=False not in near)

    def _most(self, rule: PauseReason) -> str:
        """最长几天，停过的还剩几天"""
        left = days_left(self.folded.state.pauses, rule)
        most = f"最长{rule.max_days}个自然日"
        return most if left == rule.max_days else f"前后{most}，还能停{left}个" if left else f"前后{most}，已经停满"

    def _ask_second(self, *, always: bool) -> None:
        """第二签字人; which clocks near their end is known only once step and reason are chosen."""
        whom = f"要{self.rules.office_name}的负责人或镇领导当面签。"
        self.fields["second_name"] = forms.CharField(
            label="第二签字人的工作名",
            max_length=40,
            required=always,
            help_text=f"期限已过九成，{whom}" if always else f"要停的期限过了九成的，{whom}没过的不用填。",
            error_messages=sentence("期限已过九成，要第二人签字。"),
            widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
        )
        self.fields["second_password"] = forms.CharField(
            label="第二签字人的密码",
            max_length=128,
            required=always,
            error_messages=sentence("请第二签字人输入密码。"),
            widget=forms.PasswordInput({"class": "short", "autocomplete": "off"}),
        )

    def _second(self) -> User | None:
        data = self.cleaned_data
        if not data.get("second_name"):
            return None
        signer = verify(login=login_of(data["second_name"]), password=data["second_password"], address=self.address)
        if signer is None or not signer.is_staff_member:
            raise InvalidInput("第二签字人的工作名或密码不对。")
        return signer

    def run(self, by: User) -> None:
        """中止"""
        data = self.cleaned_data
        actions.pause(
            application=self.folded.application,
            by=by,
            reason=data["reason"],
            until=data["until"],
            notice=data["notice"],
            second=self._second(),
            step=data.get("step") or self.step,
        )


class ResumeForm(ActForm):
    title, submit = "恢复计时", "恢复计时"
    hint = "恢复的当天不算，从下一个工作日接着数。"
    done = "已经恢复计时。"

    def prepare(self) -> None:
        """几个环节停着的，选一个"""
        stopped = running_notices(self.folded.state.pauses)
        if self.step in stopped or len(stopped) < 2:
            return
        named = {key: self.folded.state.step(key) for key in stopped if key in self.offered or not self.offered}
        choices = [(key, f"{view.stage.name if view else '整件'}（{stopped[key].reason}）") for key, view in named.items()]
        self.fields["step"] = forms.ChoiceField(
            label="恢复哪个环节", choices=choices, widget=forms.RadioSelect, error_messages=sentence("请选恢复哪个环节。")
        )

    def run(self, by: User) -> None:
        """恢复"""
        found = running_notices(self.folded.state.pauses).get(self.cleaned_data.get("step", self.step))
        actions.resume(application=self.folded.application, by=by, pause=found.id if found else "")


class ExtendForm(ActForm):
    title, submit = "延长一次", "批准延长"
    hint = "一件只能延长一次，要在到期以前批准，理由告诉申请人。"
    done = "延长了，理由已经告诉申请人。"

    length = forms.CharField(label="延长多少", max_length=4, error_messages=sentence("请写延长多少，写数字。"))
    reason = long_text("理由", "请写明延长的理由，要告知申请人。")

    def prepare(self) -> None:
        """最多多少"""
        unit = {"workday": "个工作日", "day": "个自然日", "month": "个月", "year": "年"}.get(self.rules.extension.unit, "")
        self.fields["length"].widget.attrs.update({"class": "short", "inputmode": "numeric"})
        self.fields["length"].help_text = f"最多{self.rules.extension.length}{unit}，写数字。{self.rules.extension.basis}"

    def clean_length(self) -> int:
        """数字"""
        text = self.cleaned_data["length"].strip()
        if not text.isdecimal():
            raise forms.ValidationError("延长多少要写数字，比如 10。")
        return int(text)

    def run(self, by: User) -> None:
        """延长"""
        data = self.cleaned_data
        actions.extend(application=self.folded.application, by=by, length=data["length"], reason=data["reason"])
