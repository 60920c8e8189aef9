"""演示的样张：a real picture of A4 shape that the product's own check takes."""

import io

import pytest
from PIL import Image

from portal.demo.scans import scan
from services.files import check_file


@pytest.mark.parametrize("name", ["身份证", "申请人及家庭成员居民身份证、户口簿，不在同一户口的另附关系证明"])
def test_a_sample_sheet_is_taken_like_any_upload(name: str) -> None:
    raw = scan(name).read()

    with Image.open(io.BytesIO(raw)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (620, 877))
        assert len(picture.convert("L").getcolors() or []) > 20  # there is writing on it
    assert check_file(raw).kind == "jpg"


def test_each_material_has_its_own_sheet() -> None:
    assert scan("身份证").read() == scan("身份证").read() != scan("户口簿").read()
