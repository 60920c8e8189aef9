"""证件号码的校验：GB 11643 check character and birth date; the county code is not judged."""

from stdnum.cn.ric import calc_check_digit, get_birth_date
from stdnum.exceptions import ValidationError

from portal.privacy import normalise


def clean_identity(text: str) -> str:
    """把人写的身份证号统一成 18 个字符; empty if it cannot be one (length, digits, birth date, check)."""
    number = normalise(text)
    if len(number) != 18 or not (number[:-1].isascii() and number[:-1].isdigit()):
        return ""
    try:
        get_birth_date(number)
    except ValidationError:
        return ""
    return number if calc_check_digit(number) == number[-1] else ""


def clean_phone(text: str) -> str:
    """把人写的电话统一成数字; empty if it cannot be one (7 to 15 digits, +86 dropped)."""
    number = normalise(text).removeprefix("+86")
    return number if number.isascii() and number.isdigit() and 7 <= len(number) <= 15 else ""
