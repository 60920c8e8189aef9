"""受理以前的动作的表单：acceptance, the one-time notice, and what is told instead of acceptance."""

from typing import Any

from django import forms

from approvals import actions
from approvals.act_forms.base import ActForm, long_text
from approvals.forms import sentence
from approvals.pages.materials import names_to_bring
from approvals.queries.links import handlers_of
from portal.forms import offer
from portal.models import User
from services.amending import amendable
from services.lifecycle import State

SHORT_TEXT = {"rows": 2}
NOT_YET = "申请人还在补材料。还没补来，不是不予受理的理由；不归本机关办、不需要办的，现在就可以告诉他。"


class AcceptForm(ActForm):
    title, submit = "受理", "受理"
    hint = "材料看过了，齐全、符合要求。受理不推后日子，还是从收件那天起算，补过材料的从补齐那天起算。"
    done = "受理了，已经告诉申请人。"

    def prepare(self) -> None:
        """说好带来的，受理就等于说收到了"""
        bring = names_to_bring(self.rules, self.folded.state.to_bring)
        if bring:
            self.hint += f"申请人说好带来的有：{'、'.join(bring)}。受理就是说窗口都收到了；没收到的，不要受理，写进一次性告知书。"

    def run(self, by: User) -> None:
        """受理"""
        actions.accept(application=self.folded.application, by=by)


class CorrectForm(ActForm):
    title, submit = "一次性告知", "发出一次性告知书"
    hint = "只能告知这一次。勾出要补、要改的每一样，写清哪里不对、怎样补；现在看得到却没写的，以后不能再要。"
    done = "一次性告知书已经发出，申请人补齐以前不走表。"

    points = forms.CharField(required=False, widget=forms.HiddenInput)  # never sent; carries what is wrong with all the ticks

    def prepare(self) -> None:
        """每样材料、每格填写的内容，一个勾和一格说明"""
        self.entries = [(field.key, field.label) for field in amendable(self.folded.application)]
        for material in self.rules.materials:
            coming = "（说好带来，还没登记收到）" if material.key in self.folded.state.to_bring else ""
            self._offer(material.key, material.name + coming, f"“{material.name}”哪里要补、怎样补")
        for key, label in self.entries:
            self._offer(key, label, f"“{label}”哪里不对、怎样改")
        self.fields["note"] = long_text("还要说明的", "", required=False)
        if self.folded.state.corrections:
            self.fields["override"] = long_text("为什么要第二次补正", "第二次补正要写明理由，并且不停表。")

    def _offer(self, key: str, name: str, why: str) -> None:
        self.fields[f"m-{key}"] = forms.BooleanField(label=name, required=False)
        self.fields[f"w-{key}"] = forms.CharField(
            label=why, help_text="勾了上面这一样才填。", required=False, max_length=300, widget=forms.Textarea(SHORT_TEXT)
        )

    @property
    def choices(self) -> list[tuple[str, str]]:
        """能要的每一样: the materials, then the fields."""
        return [*((m.key, m.name) for m in self.rules.materials), *self.entries]

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """页面上材料一样一行"""
        return [(self[f"m-{m.key}"], self[f"w-{m.key}"]) for m in self.rules.materials]

    def field_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """页面上填写的内容一格一行"""
        return [(self[f"m-{key}"], self[f"w-{key}"]) for key, _ in self.entries]

    def others(self) -> list[forms.BoundField]:
        """材料以外的格"""
        return [self[name] for name in ("note", "override") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """至少一样，每样写清"""
        cleaned = super().clean() or {}
        ticked = [choice for choice in self.choices if cleaned.get(f"m-{choice[0]}")]
        written = [one for one in self.choices if one not in ticked and cleaned.get(f"w-{one[0]}", "").strip()]
        for key, name in written:
            self.add_error(f"m-{key}", f"“{name}”下面写了字，没有勾：要补的勾上，不要补的把字删掉。")
        if not ticked and not written:
            self.add_error("points", "请勾出要补的材料、要改的内容，一次写全。")
        for key, name in ticked:
            if len(cleaned.get(f"w-{key}", "").strip()) < 2:
                self.add_error(f"w-{key}", f"请写清“{name}”哪里要补、怎样补。")
        return cleaned

    def run(self, by: User) -> None:
        """一次性告知"""
        data = self.cleaned_data
        points = [(key, data[f"w-{key}"]) for key, _ in self.choices if data[f"m-{key}"]]
        actions.correct(
            application=self.folded.application, by=by, points=points, note=data["note"], override=data.get("override", "")
        )


class RejectForm(ActForm):
    title, submit = "不予受理、不需办理、不属本机关、转送", "作出并告诉申请人"
    done = "已经作出，理由和救济途径已经告诉申请人。"

    outcome = forms.ChoiceField(
        label="是哪一种",
        choices=[
            (State.NOT_REQUIRED.value, "不需要办理这项手续"),
            (State.NOT_OURS.value, "不属于本机关，告知该找谁"),
            (State.NOT_ACCEPTED.value, "不予受理"),
            (State.FORWARDED.value, "转送有权的机关"),
        ],
        widget=forms.RadioSelect,
        error_messages=sentence("请选一种。"),
    )
    facts = long_text("事实和理由", "请写明事实和理由，没有理由不能作这个决定。")
    legal_basis = long_text("依据", "请写明依据，写到第几条。")
    where = forms.CharField(
        label="该找哪个单位、在哪里、电话",
        required=False,
        max_length=200,
        help_text="选“不属于本机关”“转送”的，必须写；选别的，可以空着。",
    )
    to = forms.ChoiceField(label="转到哪里", required=False, help_text="转到下面的乡镇，收件的日子不变，材料一起转。")

    def prepare(self) -> None:
        """本系统里也办这件事的乡镇"""
        if self.folded.state.state == State.CORRECTING:
            self.hint = NOT_YET
        self.townships = {t.slug: t for t in handlers_of(self.folded.application)}
        choices = [("", "别的机关，写在上面"), *((slug, t.full_name) for slug, t in self.townships.items())]
        offer(self, "to", choices)
        if not self.townships:
            del self.fields["to"]

    def run(self, by: User) -> None:
        """不予受理等"""
        data = self.cleaned_data
        words = {"facts": data["facts"], "legal_basis": data["legal_basis"]}
        if data["outcome"] == State.FORWARDED and data.get("to"):
            to = self.townships[data["to"]]
            actions.forward(application=self.folded.application, by=by, to=to, **words)
            return
        actions.reject(
            application=self.folded.application,
            by=by,
            outcome=State(data["outcome"]),
            where=data["where"],
            **words,
        )
