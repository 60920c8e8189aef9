"""登记类动作的表单：送达、上门没见着人、去世、转给家里人、重复件."""

from typing import Any

from django import forms
from django.urls import reverse

from approvals import actions
from approvals.act_forms.base import ActForm, long_text
from approvals.forms import ChineseDateField, sentence
from approvals.models import ReceiptDeclaration
from approvals.queries.links import candidates
from portal.entering import enter_person
from portal.errors import InvalidInput
from portal.identity import clean_identity, clean_phone
from portal.models import Person, User
from portal.numbers import clean_number, grouped
from portal.pagewords import cn_date
from portal.sign_in import login_of, verify
from services.forms import UploadsField

SHORT = {"class": "short", "autocomplete": "off"}


class ServeForm(ActForm):
    title, submit = "送达一次性告知书", "记下送达"
    hint = "申请人没有账号，告知书要打印出来送到本人或同住的成年家里人手上。补材料的日子从送到这天起算。"
    done = "送达记下了，补材料的日子从今天起算。"
    received_by = forms.CharField(
        label="谁收下的",
        max_length=60,
        help_text="比如：本人签收；同住的儿子签收。",
        error_messages=sentence("请写明谁收下的。"),
    )

    def run(self, by: User) -> None:
        """送达"""
        actions.serve(application=self.folded.application, by=by, received_by=self.cleaned_data["received_by"])


class AbsentForm(ActForm):
    title, submit = "登记申请人不在场", "记下来"
    hint = "按时上门没见着人的，这一步按时论，但核查还要做。会告诉申请人；只能登记一次。"
    done = "记下了，已经告诉申请人。请另约时间上门。"
    text = long_text(
        "哪天几点去的、怎样联系的、另约在什么时候", "请写明哪天几点去的、怎样联系的、另约在什么时候。"
    )
    second_signer = forms.CharField(
        label="一起上门的另一位的姓名",
        max_length=60,
        error_messages=sentence("上门要两人以上，请写上另一位的姓名。"),
    )

    def run(self, by: User) -> None:
        """申请人不在"""
        data = self.cleaned_data
        actions.note_absence(
            application=self.folded.application,
            step=self.step,
            by=by,
            text=data["text"],
            second_signer=data["second_signer"],
        )


class MemberForm(ActForm):
    """接着办的家里人的几格"""

    def add_member(self, *, required: bool) -> None:
        """姓名、证件、电话、关系"""
        told = "要转给家里另一位接着办的才填；不填就先不转。" if not required else ""
        rows = {
            "name": ("接着办的人的姓名", 60, told),
            "id_number": ("他的身份证号码", 40, ""),
            "phone": ("他的电话", 20, ""),
            "relation": ("他和去世的人是什么关系", 20, "比如：妻子、儿子。"),
        }
        for key, (label, longest, help_text) in rows.items():
            self.fields[key] = forms.CharField(
                label=label,
                max_length=longest,
                required=required,
                help_text=help_text,
                widget=forms.TextInput(SHORT),
                error_messages=sentence(f"请填“{label}”。"),
            )

    def clean(self) -> dict[str, Any]:
        """要填就填全"""
        cleaned = super().clean() or {}
        if "name" not in self.fields or not cleaned.get("name"):
            return cleaned
        cleaned["id_number"] = clean_identity(cleaned.get("id_number", ""))
        cleaned["phone"] = clean_phone(cleaned.get("phone", ""))
        wrong = {
            "id_number": "身份证号码不对，请看着证件再写一遍。",
            "phone": "电话不对，只写数字。",
            "relation": "请写明他和去世的人是什么关系。",
        }
        for key, words in wrong.items():
            if not cleaned.get(key) and key not in self.errors:
                self.add_error(key, words)
        return cleaned

    def member(self) -> Person | None:
        """填了的那一位, entered by identity number."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        village = self.folded.application.village
        return enter_person(name=data["name"], identity=data["id_number"], phone=data["phone"], village=village)


class DeathForm(MemberForm):
    title, submit = "登记申请人去世", "两人登记"
    hint = "要有证明，两个人登记。登记以后，到期不再自动有结果；按户申请的事可以由家里另一位接着办。"
    done = "登记了，已经告诉在办的人。"
    died_on = ChineseDateField(
        label="哪天去世的", help_text="写成 2026-9-23 这样。", error_messages=sentence("请写哪天去世的。")
    )
    proof = forms.CharField(
        label="凭什么证明",
        max_length=200,
        help_text="证明的名称和编号，比如死亡医学证明、户口注销证明、村委会证明。",
        error_messages=sentence("请写明凭什么证明登记。"),
    )
    scans = UploadsField(
        label="证明的扫描件或照片",
        required=False,
        help_text="有就传，JPEG、PNG 图片或 PDF；一时没有的，可以空着，先登记。第二人要看原件。",
    )

    def prepare(self) -> None:
        """按户的，问谁接着办; 第二人当面签"""
        if self.rules.household:
            self.add_member(required=False)
        self.fields["second_name"] = forms.CharField(
            label="第二人的工作名",
            max_length=40,
            help_text="另一位经办的工作人员，当面签。",
            widget=forms.TextInput(SHORT),
            error_messages=sentence("要两个人登记，请第二人写工作名。"),
        )
        self.fields["second_password"] = forms.CharField(
            label="第二人的密码",
            max_length=128,
            widget=forms.PasswordInput(SHORT),
            error_messages=sentence("请第二人输入密码。"),
        )

    def run(self, by: User) -> None:
        """登记去世; the scan first, so that a mistyped password does not lose it."""
        data = self.cleaned_data
        if data["scans"]:
            actions.keep_death_proof(application=self.folded.application, by=by, scans=data["scans"])
            self["scans"].help_text = "刚才传的已经收下，不用再选。"
        second = verify(
            login=login_of(data["second_name"]), password=data["second_password"], address=self.address
        )
        if second is None or not second.is_staff_member:
            raise InvalidInput("第二人的工作名或密码不对。")
        actions.record_death(
            application=self.folded.application,
            by=by,
            second=second,
            died_on=data["died_on"],
            proof=data["proof"],
            successor=self.member(),
            relation=data.get("relation", ""),
        )


class PassForm(MemberForm):
    title, submit = "转给家里另一位接着办", "转给他办"
    hint = "这件事是按户申请的。转了以后由他补材料、收结果；日子不重新算。"
    done = "转好了，已经告诉接着办的人。"

    def prepare(self) -> None:
        """接着办的人"""
        self.add_member(required=True)

    def run(self, by: User) -> None:
        """转给家里人"""
        member = self.member()
        assert member is not None  # the name is required
        actions.pass_to_member(
            application=self.folded.application, by=by, successor=member, relation=self.cleaned_data["relation"]
        )


class DuplicateForm(ActForm):
    title, submit = "登记重复件", "连起来"
    done = "两件连起来了，已经告诉申请人。"
    earlier = forms.CharField(
        label="先前那一件的编号",
        max_length=40,
        widget=forms.TextInput(SHORT),
        error_messages=sentence("请写先前那一件的编号。"),
    )

    def prepare(self) -> None:
        """同一个人（同一户）同一件事的，列给他看"""
        found = "、".join(grouped(number) for number in candidates(self.folded.application))
        listed = f"先前的有：{found}。" if found else "没有找到同一个人（同一户）先前的同一件事。"
        self.hint = f"连起来以后，这一件到期不会自动有结果，两件一起看。{listed}"

    def clean_earlier(self) -> str:
        """编号的写法对不对"""
        number = clean_number(self.cleaned_data["earlier"])
        if not number:
            raise forms.ValidationError("这个编号不对，可能有一个字看错了，请再写一遍。")
        return number

    def run(self, by: User) -> None:
        """登记重复"""
        actions.link_duplicate(application=self.folded.application, by=by, earlier=self.cleaned_data["earlier"])


class ConfirmReceiptForm(ActForm):
    title, submit = "核对补登的收件日", "扫描件上的日子对，确认"
    done = "核对好了。已经到期的默认，到下一个工作日的24:00生效。"

    def prepare(self) -> None:
        """写明哪天、谁补登的、扫描件在哪"""
        declared = ReceiptDeclaration.objects.filter(application=self.folded.application).select_related("scan").first()
        if declared is None:
            return
        number = self.folded.application.number
        self.hint = f"补登的收件日是{cn_date(declared.received_on)}，请打开扫描件，对着收件章看。不对就不要确认，找补登的人重录。"
        self.file_url = reverse("approvals:attachment", args=[number, declared.scan.token])

    def run(self, by: User) -> None:
        """核对"""
        actions.confirm_receipt(application=self.folded.application, by=by)
