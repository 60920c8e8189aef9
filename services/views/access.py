"""申请页面的门：sign-in without losing what was typed, and one's own draft or nothing."""

import base64
import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect

from portal.http import load_or_404, township_of, user_of
from portal.keys import keys
from portal.numbers import clean_number
from services.lifecycle import State
from services.models import Application
from services.permissions import may_edit_draft, own_applications

View = Callable[..., HttpResponseBase]
_SLOT = "kept_form"
_KEEP_SECONDS = 30 * 60
_LONGEST = 100_000
KEPT = "刚才登录过期了。您填的都还在，请核对一遍再存。"


def keep_typed(view: View) -> View:
    """要登录才能用的页面: what an expired session was posting comes back after sign-in, in the same form.

    It waits sealed in the new session for half an hour, and only the same address gets it back.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                _stash(request)
            return redirect_to_login(request.get_full_path())
        if request.method == "GET":
            request.kept_form = _restore(request)  # type: ignore[attr-defined] # read by typed_before
        return view(request, *args, **kwargs)

    return kept


def typed_before(request: HttpRequest) -> QueryDict | None:
    """这一页要绑到表单上的内容: the POST, or what was being posted when the session ended."""
    if request.method == "POST":
        return request.POST
    restored: QueryDict | None = getattr(request, "kept_form", None)
    return restored


def _stash(request: HttpRequest) -> None:
    fields = {key: values for key, values in request.POST.lists() if key != "csrfmiddlewaretoken"}
    body = json.dumps({"path": request.get_full_path(), "at": time.time(), "fields": fields}).encode()
    if len(body) <= _LONGEST:
        request.session[_SLOT] = base64.b64encode(keys().seal(body)).decode()


def _restore(request: HttpRequest) -> QueryDict | None:
    if _SLOT not in request.session:
        return None
    try:
        kept = json.loads(keys().open(base64.b64decode(request.session[_SLOT])))
    except (ValueError, InvalidTag):
        del request.session[_SLOT]
        return None
    if kept["path"] != request.get_full_path():
        return None
    del request.session[_SLOT]
    if time.time() - kept["at"] > _KEEP_SECONDS:
        return None
    typed = QueryDict(mutable=True)
    for key, values in kept["fields"].items():
        typed.setlist(key, values)
    messages.info(request, KEPT)
    return typed


def draft_page(view: View) -> View:
    """草稿的一页: one's own draft; a stranger's is a 404, a filed one leads to its progress."""

    @wraps(view)
    @keep_typed
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
        user = user_of(request)
        own = own_applications(user).filter(township=township_of(request)).select_related("item", "version")
        application: Application = load_or_404(own, number=clean_number(number))
        if application.state != State.DRAFT:
            messages.info(request, "这份申请已经提交，填写的内容不能再改。下面是它现在的进度。")
            return redirect("approvals:progress", number=application.number)
        if not may_edit_draft(user, application):
            raise Http404("没有这一页，或者您不能看。")
        return view(request, application, **kwargs)

    return opened
