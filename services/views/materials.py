"""材料页：how each material is handed over, and the files themselves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from portal.errors import PortalError
from portal.http import user_of
from services.actions import clear_point, set_point
from services.files import add_files, live_attachments, remove_file
from services.forms import MaterialForm
from services.guide import LOOKED_UP, tags_of
from services.models import Application, HowSupplied
from services.queries import HOW_LABELS, MaterialView, Sheet
from services.tasklist import place_words
from services.views.access import draft_page, typed_before


@require_http_methods(["GET", "POST"])
@draft_page
def materials(request: HttpRequest, application: Application) -> HttpResponse:
    """材料一览; one press hands over all that are still open at the window."""
    sheet = Sheet(application)
    if sheet.questions_open:
        messages.info(request, "先答“情况选择”，就知道要交哪几样。")
        return redirect("services:questions", number=application.number)
    if request.method == "POST":
        for view in sheet.lacking:
            how = HowSupplied.SHARING if view.rule.by_sharing else HowSupplied.WINDOW
            set_point(application=application, material=view.rule.key, how=how)
        return redirect("services:check", number=application.number)
    rows = [(view, tags_of(view.rule)) for view in sheet.materials]
    return render(request, "services/materials.html", _context(sheet, rows=rows, lacking=sheet.lacking))


@require_http_methods(["GET", "POST"])
@draft_page
def material(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    """一样材料怎样交"""
    sheet = Sheet(application)
    view = next((view for view in sheet.materials if view.rule.key == key), None)
    if view is None:
        raise Http404("这份申请不用交这样材料。")
    form = _form(request, view)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if _hand_over(request, application, view, form):
                return redirect(_next(request, application, key))
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
        sheet, view = _again(application, key)
    context = _context(sheet, form=form, view=view, tags=tags_of(view.rule), looked_up=LOOKED_UP)
    return render(request, "services/material.html", context, status=status)


def _form(request: HttpRequest, view: MaterialView) -> MaterialForm:
    initial = {"how": view.point.how, "statement": view.point.statement} if view.point else {}
    uploads = {"uploads": request.FILES.getlist("uploads")} if request.method == "POST" else None
    return MaterialForm(
        typed_before(request), uploads, initial=initial, material=view.rule, has_files=bool(view.files)
    )


def _hand_over(request: HttpRequest, application: Application, view: MaterialView, form: MaterialForm) -> bool:
    """存下怎样交; files that fit are kept even when others do not."""
    values, key = form.cleaned_data, view.rule.key
    how = HowSupplied(values["how"])
    taken, wrong = add_files(application=application, material=key, uploads=values["uploads"], by=user_of(request))
    for sentence in wrong:
        form.add_error("uploads", sentence)
    if how != HowSupplied.FILE or taken or view.files:
        set_point(application=application, material=key, how=how, statement=values["statement"])
    if taken and how != HowSupplied.FILE:
        kept = f"「{view.rule.name}」传的{len(taken)}个文件也收下了"
        messages.info(request, f"{kept}，办法还是“{HOW_LABELS[HowSupplied(how)]}”。文件不要了，可以回去删掉。")
    return not wrong


def _again(application: Application, key: str) -> tuple[Sheet, MaterialView]:
    sheet = Sheet(Application.objects.select_related("item", "version").get(pk=application.pk))
    return sheet, next(view for view in sheet.materials if view.rule.key == key)


def _next(request: HttpRequest, application: Application, key: str) -> str:
    if "from" in request.GET:
        return reverse("services:check", args=[application.number])
    sheet, _ = _again(application, key)
    keys = [view.rule.key for view in sheet.materials]
    later = [view for view in sheet.lacking if keys.index(view.rule.key) > keys.index(key)]
    if later and request.POST.get("then") != "list":
        return reverse("services:material", args=[application.number, later[0].rule.key])
    return reverse("services:materials", args=[application.number])


@require_POST
@draft_page
def remove(request: HttpRequest, application: Application, token: UUID) -> HttpResponse:
    """删去一个文件; without its last file the material is open again."""
    attachment = remove_file(application=application, token=token)
    left = live_attachments(application).filter(material=attachment.material).exists()
    point = application.points.filter(key=attachment.material).first()
    if not left and point is not None and point.how == HowSupplied.FILE:
        clear_point(application=application, material=attachment.material)
    messages.success(request, "文件删掉了。")
    return redirect("services:material", number=application.number, key=attachment.material)


def _context(sheet: Sheet, **more: Any) -> dict[str, Any]:
    shown = {"nav": "items", "application": sheet.application, "item": sheet.application.item}
    return {**shown, "sheet": sheet, "place": place_words(sheet, "materials"), **more}
