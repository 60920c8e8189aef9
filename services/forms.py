"""办件的表单：built from an item's fields; they only clean input, the rules stand in services.filling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal.forms import offer
from portal.models import Village
from services.definition import FormField, ItemDefinition, Material
from services.filling import ELSEWHERE, YES_NO, Unfit, check_part, clean_identity, clean_phone, hides, tidy
from services.models import HowSupplied

# WCAG 1.3.5, only for what is the signed-in person's own.
_AUTOCOMPLETE = {"name": "name", "phone": "tel", "address": "street-address", "organisation_name": "organization"}
_FEW = 7  # so many choices are shown as a list to tick, more as a drop-down
_ISO = 10
_LONGEST_STATEMENT = 300


class Typed(forms.CharField):
    """一格: keeps what was typed as it was typed; the form's clean judges it."""

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) else ""


class PartForm(forms.Form):
    """申请的一部分（或大字方式下的一页）"""

    use_required_attribute = False

    def __init__(
        self, *args: Any, fields: Sequence[FormField], facts: Mapping[str, str], villages: Sequence[Village],
        own: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        together = {field.key for field in fields}
        self.definitions = [field for field in fields if not hides(field, facts, together)]
        self.facts, self.villages = facts, villages
        current = self.data if self.is_bound else self.initial
        for field in self.definitions:
            self.fields[field.key] = Typed(
                label=field.label,
                required=field.required and not field.when,
                help_text=field.hint,
                widget=_widget(field, villages, str(current.get(field.key, "")), own),
            )

    def typed(self) -> dict[str, str]:
        """填的原样, to be saved even when it does not fit yet."""
        return {field.key: tidy(self.data.get(field.key, ""), lines=field.kind == "textarea") for field in self.definitions}

    def clean(self) -> dict[str, Any]:
        values = self.typed()
        clean, wrong = check_part(self.definitions, values, self.facts, [village.slug for village in self.villages])
        for key, sentence in wrong.items():
            self.add_error(key, sentence)
        return {**values, **clean}


def _widget(field: FormField, villages: Sequence[Village], current: str, own: bool) -> forms.Widget:
    attrs: dict[str, Any] = {"aria-required": "true"} if field.required else {}
    token = _AUTOCOMPLETE.get(field.key) if own else None
    attrs["autocomplete"] = token or "off"
    if field.kind in {"choice", "yesno"}:
        choices = [(choice, choice) for choice in field.choices or YES_NO]
        if len(choices) <= _FEW:
            return forms.RadioSelect(choices=choices)
        return forms.Select(choices=[("", "请选一个"), *choices], attrs=attrs)
    if field.kind == "village":
        named = [(village.slug, village.name) for village in villages]
        return forms.Select(choices=[("", "请选一个"), *named, (ELSEWHERE, "不在本镇")], attrs=attrs)
    if field.kind == "textarea":
        return forms.Textarea(attrs={**attrs, "rows": 5})
    if field.kind == "date":
        # A date input silently drops what is not a date, so words typed before are shown as words.
        is_date = not current or len(current) == _ISO
        return forms.TextInput(attrs={**attrs, "type": "date" if is_date else "text", "class": "short"})
    if field.kind in {"number", "phone", "id_number"}:
        modes = {"number": "decimal", "phone": "tel"}
        return forms.TextInput(attrs={**attrs, "inputmode": modes.get(field.kind, "text"), "class": "short"})
    return forms.TextInput(attrs=attrs)


class QuestionsForm(forms.Form):
    """情形问题"""

    use_required_attribute = False

    def __init__(self, *args: Any, rules: ItemDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in rules.questions:
            self.fields[question.key] = forms.ChoiceField(
                label=question.label,
                help_text=question.hint,
                choices=[(choice, choice) for choice in question.choices],
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"「{question.label}」还没选。",
                    "invalid_choice": f"「{question.label}」请从列出的里面选一个。",
                },
            )


class Uploads(forms.FileInput):
    """可以一次选几个文件"""

    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """一批文件; what is in them is checked by services.files"""

    widget = Uploads(attrs={"accept": ".jpg,.jpeg,.png,.pdf,image/jpeg,image/png,application/pdf", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [upload for upload in (data or []) if upload]


HOW_WORDS = {
    HowSupplied.SHARING: "不交，请政府部门自己查（免提交）",
    HowSupplied.FILE: "现在上传照片或 PDF",
    HowSupplied.WINDOW: "带到窗口或村代办点交",
    HowSupplied.COMMITMENT: "签一份承诺代替（告知承诺）",
    HowSupplied.DEFERRED: "先受理，过后再补（可容缺）",
    HowSupplied.CANNOT: "交不了，说明为什么",
}

_FILLED_HERE = {HowSupplied.WINDOW: "就用网上填的，到窗口签字"}


class MaterialForm(forms.Form):
    """一样材料怎样交"""

    use_required_attribute = False
    how = forms.ChoiceField(
        label="这样材料怎么交",
        widget=forms.RadioSelect,
        error_messages={"required": "还没选这样材料怎么交。", "invalid_choice": "请从列出的里面选一个。"},
    )
    uploads = UploadsField(label="选文件（选“上传”的才选）", help_text="可以一次选几张。JPEG、PNG 图片或 PDF，每个最多10兆。")
    statement = Typed(
        label="为什么交不了（选“交不了”的才写）",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="比如：房产证在亲戚家，人在外地。",
    )

    def __init__(self, *args: Any, material: Material, has_files: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.files.get("uploads") and not self.data.get("how"):  # whoever chose a photo has said how
            self.data = {**self.data, "how": HowSupplied.FILE}
        self.has_files = has_files
        words = {**HOW_WORDS, **(_FILLED_HERE if material.filled_here else {})}
        offer(self, "how", [(how, words[how]) for how in ways(material)])

    def clean_statement(self) -> str:
        """去掉看不见的字符"""
        statement = tidy(self.cleaned_data["statement"], lines=True)
        if len(statement) > _LONGEST_STATEMENT:
            raise forms.ValidationError(f"说明太长了，最多{_LONGEST_STATEMENT}个字，现在是{len(statement)}个字。")
        return statement

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        how = values.get("how")
        if how == HowSupplied.FILE and not values.get("uploads") and not self.has_files:
            self.add_error("uploads", "还没选文件。请选一张照片或一个 PDF。")
        if how == HowSupplied.CANNOT and not values.get("statement"):
            self.add_error("statement", "请写明为什么交不了。")
        return values


def ways(material: Material) -> list[HowSupplied]:
    """这样材料可以怎样交, the lightest first."""
    allowed = {
        HowSupplied.SHARING: material.by_sharing,
        HowSupplied.COMMITMENT: material.by_commitment,
        HowSupplied.DEFERRED: material.deferrable,
    }
    return [how for how in HOW_WORDS if allowed.get(how, True)]


class OnBehalfForm(forms.Form):
    """替人申请：whose application it is, and that person's consent."""

    use_required_attribute = False
    name = forms.CharField(
        label="申请人姓名", max_length=60, error_messages={"required": "「申请人姓名」还没填。", "max_length": "姓名太长了。"}
    )
    id_number = forms.CharField(
        label="申请人身份证号码",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
        error_messages={"required": "「申请人身份证号码」还没填。", "max_length": "身份证号码是18位。"},
    )
    phone = forms.CharField(
        label="申请人电话",
        max_length=20,
        help_text="没有手机的，写家里人的。进度和结果打这个电话说。",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "「申请人电话」还没填。", "max_length": "电话号码太长了。"},
    )
    village = forms.ModelChoiceField(
        label="所在村", queryset=Village.objects.none(), required=False, empty_label="不在本镇",
        error_messages={"invalid_choice": "请从列出的村里选一个。"},
    )  # fmt: skip
    consent = forms.CharField(
        label="申请人怎么托您办的",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="比如：本人2026年9月16日到村代办点，口头委托，已念给本人听过。",
        error_messages={"required": "请写明申请人怎么托您办的，没有委托不能替别人申请。", "max_length": "最多写200个字。"},
    )

    def __init__(self, *args: Any, villages: Iterable[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Village.objects.filter(pk__in=[village.pk for village in villages])
        self.fields["village"].queryset = rows  # type: ignore[attr-defined] # a ModelChoiceField

    def clean_name(self) -> str:
        """去掉看不见的字符"""
        return tidy(self.cleaned_data["name"])

    def clean_consent(self) -> str:
        """去掉看不见的字符"""
        return tidy(self.cleaned_data["consent"], lines=True)

    def clean_id_number(self) -> str:
        """核对证件号码"""
        return _fit(clean_identity, self.cleaned_data["id_number"], "申请人身份证号码")

    def clean_phone(self) -> str:
        """核对电话"""
        return _fit(clean_phone, self.cleaned_data["phone"], "申请人电话")


def _fit(clean: Any, text: str, label: str) -> str:
    try:
        return str(clean(tidy(text), label))
    except Unfit as problem:
        raise forms.ValidationError(str(problem)) from None
