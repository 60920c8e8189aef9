"""填写的规则：what may stand in each kind of form field, and the sentence that says what is wrong.

Pure. Pages, agents' forms and the API clean a value here, so the same words stand everywhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from portal import identity
from services.definition import FormField, ItemDefinition

ELSEWHERE = "elsewhere"  # 所在村: not one of this township's villages
# Numbers of these papers have no check character to compare.
_FREE_FORM_PAPERS = frozenset({"护照", "外国人永久居留身份证"})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHOSEN = frozenset({"choice", "yesno", "village"})
YES_NO = ("是", "否")


class Unfit(ValueError):
    """填得不对: its text is the whole sentence for the person who filled it in."""


def tidy(text: str, *, lines: bool = False) -> str:
    """去掉看不见的字符: control characters and direction marks never reach the record."""
    kept = "".join(
        sign for sign in text if (lines and sign in "\n\t") or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
    )
    return kept.strip()


def applies(field: FormField, facts: Mapping[str, str]) -> bool:
    """这一格用不用填: every condition of its `when` holds."""
    return all(facts.get(key) == value for key, value in field.when.items())


def is_asked(fields: Iterable[FormField], facts: Mapping[str, str]) -> bool:
    """这一部分用不用填: a part whose fields all stand under conditions that fail would be a blank page."""
    return any(applies(field, facts) for field in fields)


def hides(field: FormField, facts: Mapping[str, str], shown_with: Iterable[str] = ()) -> bool:
    """这一格要不要藏起来: its condition fails, and nothing on the same page can still change it."""
    return not applies(field, facts) and not set(field.when) & set(shown_with)


def clean_value(field: FormField, raw: str, facts: Mapping[str, str], villages: Iterable[str] = ()) -> str:
    """把填的写成统一的样子; Unfit with a sentence when it cannot be taken."""
    text = tidy(raw, lines=field.kind == "textarea")
    if not text:
        if field.required:
            raise Unfit(f"「{field.label}」还没{'选' if field.kind in _CHOSEN else '填'}。")
        return ""
    if field.kind == "id_number":
        return clean_identity(text, field.label, paper=facts.get("id_type", "") if field.key == "id_number" else "")
    if field.kind in _CHOSEN:
        return _clean_choice(field, text, villages)
    cleaners = {"number": clean_number, "date": clean_date, "phone": clean_phone}
    if field.kind in cleaners:
        text = cleaners[field.kind](text, field.label)
    if len(text) > field.max_length:
        raise Unfit(f"「{field.label}」太长了，最多{field.max_length}个字，现在是{len(text)}个字。")
    return text


def clean_number(text: str, label: str) -> str:
    """数字: full-width digits are taken; no sign, at most two decimals."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if plain.startswith("-"):
        raise Unfit(f"「{label}」不能是负数，没有就写0。")
    if not re.fullmatch(r"\d+(\.\d{1,2})?", plain, re.ASCII):
        decimals = "；小数最多两位" if "." in plain else ""
        raise Unfit(f"「{label}」只写1、2、3这样的数字，不写“约”，也不写单位{decimals}。")
    whole, point, rest = plain.partition(".")
    return (whole.lstrip("0") or "0") + point + rest


def clean_date(text: str, label: str) -> str:
    """日期 → 2026-01-05: written with dashes, dots, strokes or 年月日."""
    plain = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(plain) or _PLAIN_DATE.fullmatch(plain)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        raise Unfit(f"「{label}」写的这一天，日历上没有，请再看一看。") from None
    if day is None:
        raise Unfit(f"「{label}」要写年月日，比如 2026-1-5。")
    if not 1900 <= day.year <= 2100:
        raise Unfit(f"「{label}」的年份不对，要写四位数的年份。")
    return day.isoformat()


def clean_phone(text: str, label: str) -> str:
    """电话: digits only are kept, the country code put aside."""
    plain = identity.clean_phone(re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text)))
    if not plain:
        raise Unfit(f"「{label}」要写手机号，或者带区号的座机号，只写数字。")
    return plain


def clean_identity(text: str, label: str, *, paper: str = "") -> str:
    """证件号码: 18 characters whose date exists and whose last one fits (GB 11643); other papers by shape only."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if paper in _FREE_FORM_PAPERS:
        if not re.fullmatch(r"[0-9A-Z]{5,20}", plain):
            raise Unfit(f"「{label}」只写证件上的字母和数字，5到20位。")
        return plain
    if not re.fullmatch(r"\d{17}[\dX]", plain, re.ASCII):
        raise Unfit(f"「{label}」要写18位，最后一位可以是X，现在是{len(plain)}位。")
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        born = None
    if born is None or born.year < 1880:
        raise Unfit(f"「{label}」第7到14位是出生日期，现在写的日期不对，请照证件再看一遍。")
    if not identity.clean_identity(plain):
        raise Unfit(f"「{label}」有一位写错了，请照证件再看一遍。")
    return plain


def _clean_choice(field: FormField, text: str, villages: Iterable[str]) -> str:
    if field.kind == "village":
        allowed: Iterable[str] = [*villages, ELSEWHERE]
    else:
        allowed = field.choices or YES_NO
    if text not in allowed:
        raise Unfit(f"「{field.label}」请从列出的里面选一个。")
    return text


def check_part(
    fields: Iterable[FormField], values: Mapping[str, str], facts: Mapping[str, str], villages: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """核对一部分: (clean values, sentence by key); fields whose condition fails are not looked at."""
    known, slugs = {**facts, **values}, list(villages)
    clean: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        if not applies(field, known):
            continue
        try:
            clean[field.key] = clean_value(field, values.get(field.key, ""), known, slugs)
        except Unfit as problem:
            wrong[field.key] = str(problem)
    return clean, wrong


def open_questions(rules: ItemDefinition, answers: Mapping[str, str]) -> list[str]:
    """还没答的情形问题, by key."""
    return [question.key for question in rules.questions if answers.get(question.key) not in question.choices]
