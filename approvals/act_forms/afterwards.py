"""结果以后的动作的表单：更正 and 撤销, both with reason and basis."""

from django import forms

from approvals import actions
from approvals.act_forms.base import ActForm, long_text
from approvals.afterwards import correction_ends_at
from approvals.forms import sentence
from approvals.models import HowDelivered
from portal.models import User
from portal.pagewords import cn_end


class DeliverForm(ActForm):
    title, submit = "登记送达", "登记"
    hint = "送到的时间就是登记的这一刻，写不了别的时间；没有凭据不能登记。"
    done = "送达登记好了，已经告诉申请人。"

    how = forms.ChoiceField(
        label="怎样送达的",
        choices=[(how.value, how.label) for how in HowDelivered if how != HowDelivered.ONLINE],
        widget=forms.RadioSelect,
        error_messages=sentence("请选怎样送达的。"),
    )
    receipt = forms.CharField(
        label="凭据",
        max_length=80,
        help_text="签收回执号、邮件号或公告号。不要写姓名电话。",
        error_messages=sentence("请写送达的凭据：签收回执号、邮件号或公告号。"),
    )

    def run(self, by: User) -> None:
        """登记送达"""
        actions.deliver(application=self.folded.application, by=by, **self.cleaned_data)


class RoadBackForm(ActForm):
    """更正和撤销共有的几格"""

    reason = long_text("事实和理由", "请写明事实和理由，要告知申请人。")
    legal_basis = forms.CharField(
        label="依据",
        max_length=300,
        help_text="写到第几条第几项。行政许可写行政许可法第六十九条的哪一项。会公开，不要写姓名电话。",
        error_messages=sentence("请写明依据，写到第几条。"),
    )

    def prepare(self) -> None:
        """上级决定的，要有它的文号"""
        if self.rules.decided_elsewhere:
            self.fields["document_number"] = forms.CharField(
                label="上级机关的文号", max_length=60, error_messages=sentence("请登记上级机关的文号。")
            )

    def words(self) -> dict[str, str]:
        """填好的"""
        names = ("reason", "legal_basis", "document_number")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class RectifyForm(RoadBackForm):
    title, submit = "更正默认结果", "作出更正"
    done = "更正已经作出，已经告诉申请人。原来的结果和责任记录都留着。"
    field_order = ("result", "reason", "legal_basis")

    result = long_text("更正成什么结果", "请写明更正成什么结果。")

    def prepare(self) -> None:
        """写明到哪天为止能更正"""
        super().prepare()
        end = correction_ends_at(self.folded.state, self.rules)
        until = f"更正期到{cn_end(end)}，" if end else ""
        self.hint = f"{until}只为默认错了的结果。原来的结果、日子、责任都留着，更正附在后面；证明同时失效。"

    def run(self, by: User) -> None:
        """更正"""
        actions.rectify(
            application=self.folded.application, by=by, result=self.cleaned_data["result"], **self.words()
        )


class RevokeForm(RoadBackForm):
    title, submit = "撤销", "作出撤销"
    hint = "要有法定的理由。原来的结果、日子、责任都留着，撤销附在后面；证明同时失效，救济途径会自动附上。"
    done = "撤销已经作出，已经告诉申请人。"

    def run(self, by: User) -> None:
        """撤销"""
        actions.revoke(application=self.folded.application, by=by, **self.words())
