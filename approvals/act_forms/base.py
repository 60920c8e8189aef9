"""动作表单的底子：title and words of its page, its fields, and the action. What it refuses comes back into the same form."""

from typing import Any, ClassVar

from django import forms

from approvals.forms import sentence
from approvals.queries.cases import Folded
from portal.models import User

LONG = {"rows": 5}


def long_text(label: str, missing: str, *, help_text: str = "", required: bool = True) -> forms.CharField:
    """长文字"""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(LONG),
        error_messages=sentence(missing),
    )


class ActForm(forms.Form):
    """一个动作的表: title and words of its page, its fields, and the action."""

    title: str = ""  # a form may change its own
    submit: ClassVar[str] = ""
    hint: str = ""
    file_url: str = ""  # what has to be looked at before
    done: ClassVar[str] = "办好了，已经记下并告诉申请人。"

    def __init__(
        self, *args: Any, folded: Folded, step: str = "", offered: tuple[str, ...] = (), address: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.folded, self.step, self.offered, self.address = folded, step, offered, address
        self.rules = folded.application.rules
        self.prepare()

    def prepare(self) -> None:
        """按这一件添字段"""

    def run(self, by: User) -> None:
        """办"""
        raise NotImplementedError
