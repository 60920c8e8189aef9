"""申请的各页：what is left to do, one part at a time, the questions, and the last look."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.clock import portal_now
from portal.errors import PortalError
from portal.http import form_key, reading_mode
from portal.limits import day_of
from services.actions import follow_version, save_answers, save_page
from services.definition import FormField
from services.forms import PartForm, QuestionsForm
from services.guide import answer_text, limit_text, waiting_text
from services.models import Application
from services.queries import PartView, Sheet
from services.tasklist import next_url, place_words, task_list
from services.views.access import draft_page, typed_before

_FIELDS_IN_LARGE_PRINT = 3
LEAVING = frozenset({"back", "tasks"})  # one may stop half-way: what was typed is kept and judged another time


@require_safe
@draft_page
def tasks(request: HttpRequest, application: Application) -> HttpResponse:
    """要填的几部分, each with its state."""
    moved = follow_version(application=application)
    if moved:
        application = Application.objects.select_related("item", "version").get(pk=application.pk)
    sheet = Sheet(application)
    rows = task_list(sheet)
    context = _context(sheet, rows=rows, done=sum(row.done for row in rows), moved=moved, next=next_url(sheet, rows))
    return render(request, "services/tasks.html", context)


@require_http_methods(["GET", "POST"])
@draft_page
def part(request: HttpRequest, application: Application, part: int) -> HttpResponse:
    """填一部分: saved as typed even when something does not fit yet."""
    sheet = Sheet(application)
    view, fields, step, steps = _step(request, sheet, part)
    form = _part_form(request, sheet, fields)
    status = 200
    if request.method == "POST":
        try:
            if _save_part(sheet, view, form) or request.POST.get("then") in LEAVING:
                return redirect(_after(request, sheet, part, step, steps))
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
    first = view == sheet.parts[0] and step == 1
    context = _context(sheet, f"part-{part}", form=form, part=view, step=step, steps=steps, first=first)
    return render(request, "services/part.html", context, status=status)


def _step(request: HttpRequest, sheet: Sheet, number: int) -> tuple[PartView, list[FormField], int, int]:
    """第几部分第几页: large print shows three fields at a time."""
    view = next((view for view in sheet.parts if view.number == number), None)
    if view is None:
        raise Http404("申请里没有这一部分。")
    size = _FIELDS_IN_LARGE_PRINT if reading_mode(request) == "large" else len(view.fields)
    pages = [list(view.fields[start : start + size]) for start in range(0, len(view.fields), size)]
    wanted = next((at for at, page in enumerate(pages, 1) if request.GET.get("field") in {f.key for f in page}), 0)
    asked = request.GET.get("step") or str(wanted or 1)
    step = min(max(int(asked), 1), len(pages)) if asked.isdecimal() and len(asked) < 4 else 1
    return view, pages[step - 1], step, len(pages)


def _part_form(request: HttpRequest, sheet: Sheet, fields: list[FormField]) -> PartForm:
    known = {**sheet.values, **sheet.facts}
    return PartForm(
        typed_before(request),
        initial=dict(sheet.values),
        fields=fields,
        facts=known,
        villages=sheet.villages,
        own=not sheet.application.consent,
    )


def _save_part(sheet: Sheet, view: PartView, form: PartForm) -> bool:
    """存下这一页; True if it fits. The part is done when all its pages fit."""
    fits = form.is_valid()
    typed = form.cleaned_data if fits else form.typed()
    whole = PartForm(
        {**sheet.values, **typed},
        fields=view.fields,
        facts={**sheet.values, **sheet.facts},
        villages=sheet.villages,
    )
    save_page(application=sheet.application, page=view.name, values=typed, done=fits and whole.is_valid())
    return fits


def _after(request: HttpRequest, sheet: Sheet, number: int, step: int, steps: int) -> str:
    if request.POST.get("then") == "back":
        return _back(sheet, number, step)
    if request.POST.get("then") == "tasks":
        return reverse("services:tasks", args=[sheet.application.number])
    if "from" in request.GET:
        return reverse("services:check", args=[sheet.application.number])
    if step < steps:
        return f"{_part_url(sheet, number)}?step={step + 1}"
    fresh = Sheet(Application.objects.select_related("version").get(pk=sheet.application.pk), sheet.villages)
    return next_url(fresh, task_list(fresh), after=f"part-{number}")


def _back(sheet: Sheet, number: int, step: int) -> str:
    if step > 1:
        return f"{_part_url(sheet, number)}?step={step - 1}"
    if earlier := [view.number for view in sheet.parts if view.number < number]:
        return _part_url(sheet, earlier[-1])
    return reverse("services:tasks", args=[sheet.application.number])


def _part_url(sheet: Sheet, number: int) -> str:
    return reverse("services:part", args=[sheet.application.number, number])


@require_http_methods(["GET", "POST"])
@draft_page
def questions(request: HttpRequest, application: Application) -> HttpResponse:
    """情况选择: the answers decide which materials and fields are asked for."""
    sheet = Sheet(application)
    if not sheet.rules.questions:
        return redirect("services:tasks", number=application.number)
    form = QuestionsForm(typed_before(request), initial=sheet.facts, rules=sheet.rules)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            save_answers(application=application, answers=form.cleaned_data)
            fresh = Sheet(Application.objects.select_related("version").get(pk=application.pk))
            return redirect(next_url(fresh, task_list(fresh), after="questions"))
        except PortalError as error:
            form.add_error(None, error.message)
            status = error.status
    return render(request, "services/questions.html", _context(sheet, "questions", form=form), status=status)


@require_safe
@draft_page
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """核对: every value with its way back, then one press to file."""
    if follow_version(application=application):
        return redirect("services:tasks", number=application.number)
    sheet = Sheet(application)
    rules = sheet.rules
    context = _context(
        sheet,
        "check",
        key=form_key(),
        missing=sheet.missing,
        asked=[(question, sheet.facts.get(question.key, "")) for question in rules.questions],
        answer_text=answer_text(rules),
        promised_text=limit_text(rules.promised),
        waiting_text=waiting_text(rules, day_of(portal_now())),
        statutory_text=limit_text(rules.statutory),
    )
    return render(request, "services/check.html", context)


def _context(sheet: Sheet, at: str = "", **more: Any) -> dict[str, Any]:
    shown = {"nav": "items", "application": sheet.application, "item": sheet.application.item}
    return {**shown, "rules": sheet.rules, "sheet": sheet, "place": place_words(sheet, at), **more}
