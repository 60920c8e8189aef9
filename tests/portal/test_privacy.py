"""个人信息保护：what is sealed opens only with the key, hashes need the key, masks show no more than they say."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy import make_keys, mask_identities, mask_identity, mask_name, mask_phone, normalise

ONE = base64.urlsafe_b64encode(b"1" * 32).decode()
TWO = base64.urlsafe_b64encode(b"2" * 32).decode()
KEYS = make_keys([ONE], TWO)


@given(st.binary(max_size=300))
def test_what_is_sealed_opens(plain: bytes) -> None:
    sealed = KEYS.seal(plain)

    assert KEYS.open(sealed) == plain
    assert len(plain) < 4 or plain not in sealed


def test_an_old_key_still_opens_and_a_stranger_does_not() -> None:
    sealed = KEYS.seal_text("示例")

    assert make_keys([TWO, ONE], TWO).open_text(sealed) == "示例"
    with pytest.raises(ValueError, match="密钥"):
        make_keys([TWO], TWO).open_text(sealed)


def test_an_altered_value_is_noticed() -> None:
    sealed = bytearray(KEYS.seal_text("示例"))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        KEYS.open(bytes(sealed))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        make_keys([base64.urlsafe_b64encode(b"short").decode()], TWO)


def test_lookup_needs_the_key_and_forgives_spelling() -> None:
    assert KEYS.lookup("id", "11010519491231002x") == KEYS.lookup("id", "１１０１０５ 19491231002X")
    assert KEYS.lookup("id", "1") != KEYS.lookup("phone", "1")
    assert KEYS.lookup("id", "1") != make_keys([ONE], ONE).lookup("id", "1")
    assert KEYS.lookup("id", "") == ""


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张示例", "张*例"), ("欧阳示例", "欧**例"), ("王", "*"), ("阿依古丽·买买提", "阿****提")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet="0123456789", min_size=11, max_size=18))
def test_masks_hide_the_middle(number: str) -> None:
    assert number not in mask_phone(number) + mask_identity(number)


def test_normalise() -> None:
    assert normalise("０１ 2-3x") == "0123X"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("安小示例 儿子 999999197503020006", "安小示例 儿子 ****************06"),
        ("老号110105491231002。", "老号*************02。"),
        ("１１０１０５１９４９１２３１００２Ｘ，女", "****************２Ｘ，女"),
        ("110105 19491231 002x\n110105-19491231-0021", "******************2x\n******************21"),
        ("电话13800000000，面积120", "电话13800000000，面积120"),
        ("91110000100000000X 6222021234567890123", "91110000100000000X 6222021234567890123"),
        ("", ""),
    ],
)
def test_identity_numbers_inside_a_text_are_masked(text: str, masked: str) -> None:
    assert mask_identities(text) == masked
