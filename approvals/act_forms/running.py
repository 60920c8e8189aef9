"""在办时的动作的表单：one for each act on a case that has no outcome yet."""

from typing import Any

from django import forms

from approvals import actions
from approvals.act_forms.base import ActForm, long_text
from approvals.actions.steps import NO_RESULT
from approvals.actions.terminating import Ground
from approvals.forms import sentence
from portal.forms import offer
from portal.models import User
from services.definition import StageKind


class OpinionForm(ActForm):
    title, submit = "填这一步的意见", "交出意见"
    done = "意见已经记下。"

    outcome = forms.ChoiceField(label="意见", widget=forms.RadioSelect, error_messages=sentence("请选一种意见。"))
    text = long_text(
        "事实和依据", "", help_text="选“有意见”“已办”的，必须写清；选“无意见”的，可以空着。", required=False
    )

    def prepare(self) -> None:
        """按环节的种类给选项"""
        view = self.folded.state.step(self.step)
        kind = view.stage.kind if view else StageKind.REVIEW
        choices = [("agree", "无意见"), ("object", "有意见"), ("done", "已办，写明结果")]
        if kind == StageKind.DELIVER:
            choices = [("done", "已经办好")]
            self.fields["text"].label = "办好了什么"
            self.fields["text"].help_text = "写明哪天、办好了什么。"
            self.hint = "这里登记的是决定以后的手续。把结果送到申请人手里是另一件事，在「登记送达」登记。"
        if view is not None and view.status == "deemed":
            self.title = "补填迟到的意见"
            self.hint = (
                "这一步到期没有答复，已经视为无异议。您现在写的会附在件上，给决定的人看，不会让这件停下来。"
            )
        offer(self, "outcome", choices)
        if view is not None and view.stage.signers > 1:
            self.fields["second_signer"] = forms.CharField(
                label="另一位核查人的姓名",
                max_length=60,
                help_text="实地核查要两人以上（行政许可法第三十四条）。",
                error_messages=sentence("实地核查要两人以上，请写上另一位核查人的姓名。"),
            )

    def clean(self) -> dict[str, Any]:
        """有意见要写理由，已办要写结果"""
        cleaned = super().clean() or {}
        text = cleaned.get("text", "").strip()
        if cleaned.get("outcome") == "object" and len(text) < 5:
            self.add_error("text", "有意见要写明事实和依据。")
        if cleaned.get("outcome") == "done" and len(text) < 2:
            self.add_error("text", NO_RESULT)
        return cleaned

    def run(self, by: User) -> None:
        """填意见"""
        data = self.cleaned_data
        actions.give_opinion(
            application=self.folded.application,
            step=self.step,
            by=by,
            outcome=data["outcome"],
            text=data["text"],
            second_signer=data.get("second_signer", ""),
        )


class ObjectForm(ActForm):
    title, submit = "登记公示异议", "登记异议"
    hint = "登记以后，公示要等书面核查结论，这期间不会自动往下走。"
    text = long_text("异议的内容", "请写明异议的内容。", help_text="不要写提异议人的姓名电话。")

    def run(self, by: User) -> None:
        """登记异议"""
        actions.object_to(application=self.folded.application, step=self.step, by=by, text=self.cleaned_data["text"])


class FindForm(ActForm):
    title, submit = "异议核查结论", "写下结论，再公示"
    text = long_text("核查的事实和结论", "请写明核查的事实和结论。")

    def run(self, by: User) -> None:
        """核查结论"""
        actions.find(application=self.folded.application, step=self.step, by=by, text=self.cleaned_data["text"])


class DecideForm(ActForm):
    title, submit = "作决定", "作出决定"
    hint = "决定作出就生效，会告诉申请人，不能改。不予的，必须写明事实和理由、依据；救济途径会自动附上。"
    done = "决定已经作出，已经告诉申请人。"

    outcome = forms.ChoiceField(
        label="决定",
        choices=[("approve", "准予"), ("refuse", "不予")],
        widget=forms.RadioSelect,
        error_messages=sentence("请选择准予或者不予。"),
    )
    facts = long_text("事实和理由", "", required=False)
    legal_basis = long_text("依据", "", required=False)

    def prepare(self) -> None:
        """按事项给说法; an outside decision needs its number, unusual opinions need to be seen."""
        words = {"recorded": "准予备案", "completed": "办结", "renewed": "准予延续"}
        approve = words.get(self.rules.positive, "准予")
        offer(self, "outcome", [("approve", approve), ("refuse", "不予")])
        self.fields["facts"].help_text = f"选“不予”的，必须写清；选“{approve}”的，可以空着。"
        self.fields["legal_basis"].help_text = f"选“不予”的，必须写，写到第几条；选“{approve}”的，可以空着。"
        step = next((s for s in self.folded.state.open_steps if s.stage.kind == StageKind.DECIDE), None)
        if step is not None and step.stage.external:
            self.fields["document_number"] = forms.CharField(
                label="上级机关的文号", max_length=60, error_messages=sentence("上级机关的决定请登记文号。")
            )
        if self._unusual():
            self.fields["seen"] = forms.BooleanField(label="不同意见、迟到的和没有答复的，我已看过", required=False)

    def _unusual(self) -> bool:
        late = any(event.kind == "late_opinion" for event in self.folded.events)
        steps = self.folded.state.steps
        return late or any(step.outcome == "object" or step.late or step.status == "deemed" for step in steps)

    def clean(self) -> dict[str, Any]:
        """不予要写理由，不同意见要看过: all of it is said at once, not the tick alone when the rest is right"""
        cleaned = super().clean() or {}
        if "seen" in self.fields and not cleaned.get("seen"):
            self.add_error("seen", "请看过不同意见、迟到的和没有答复的，再勾上。")
        if cleaned.get("outcome") == "refuse":
            if len(cleaned.get("facts", "").strip()) < 5:
                self.add_error("facts", "不予的决定必须写明事实和理由。")
            if len(cleaned.get("legal_basis", "").strip()) < 4:
                self.add_error("legal_basis", "不予的决定必须写明法律依据。")
        return cleaned

    def run(self, by: User) -> None:
        """作决定"""
        data = self.cleaned_data
        actions.decide(
            application=self.folded.application,
            by=by,
            outcome=data["outcome"],
            facts=data["facts"],
            legal_basis=data["legal_basis"],
            document_number=data.get("document_number", ""),
            seen=data.get("seen", False),
        )


class TerminateForm(ActForm):
    title, submit = "终结办理", "作出终结"
    hint = "终结就是不会有结果了。没有下面这些事由的，不能终结，要办完。救济途径会自动附上。"
    done = "已经终结，理由和救济途径已经告诉申请人。"

    ground = forms.ChoiceField(
        label="事由",
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages=sentence("请选一个终结的事由，没有法定事由不能终结。"),
    )
    facts = long_text("事实和理由", "请写明事实和理由，要告知申请人。")
    legal_basis = long_text("依据", "请写明依据，写到第几条。")

    def run(self, by: User) -> None:
        """终结"""
        actions.terminate(application=self.folded.application, by=by, **self.cleaned_data)


class ReasonPublicForm(ActForm):
    title, submit = "公开逾期理由", "公开"
    hint = "会写在公开栏和申请人的进度页上。不要写姓名、身份证号、电话。"
    done = "理由已经公开。"
    text = long_text("为什么逾期、打算什么时候办好", "请写明为什么逾期、打算什么时候办好。")

    def run(self, by: User) -> None:
        """公开理由"""
        actions.publish_reason(application=self.folded.application, by=by, text=self.cleaned_data["text"])
