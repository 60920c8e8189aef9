"""证件号码和电话的写法"""

import pytest

from portal.identity import clean_identity, clean_phone


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        (" 110105 19491231 002ｘ ", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("99999919491231002X", ""),  # another county, so another check character
        ("110105194912310021", ""),
        ("11010519490231002X", ""),  # 31 February
        ("11010519491231002", ""),
        ("1101051949123100²X", ""),
        ("", ""),
        ("身份证号身份证号身份证号身份证号身份", ""),
    ],
)
def test_identity_is_judged_by_its_check_character_and_date(typed, clean):
    assert clean_identity(typed) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("0000-555 0001", "00005550001"),
        ("+86 13800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("123456", ""),
        ("1234567890123456", ""),
        ("chen", ""),
        ("１３８००००००००²", ""),
    ],
)
def test_phone_is_digits_only(typed, clean):
    assert clean_phone(typed) == clean
