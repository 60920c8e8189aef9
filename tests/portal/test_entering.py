"""登记自然人"""

import pytest

from portal.entering import enter_person
from portal.errors import InvalidInput
from tests.world import World

IDENTITY = "110105200001010016"


def test_person_is_entered_once_and_kept_as_known(world: World) -> None:
    first = enter_person(name="新示例", identity=IDENTITY, phone="00005550009", village=None)
    second = enter_person(name="新示例", identity=IDENTITY, phone="00005550008", village=None)

    assert first == second
    assert second.phone == "00005550009"
    assert second.id_number == IDENTITY


def test_number_under_another_name_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput):
        enter_person(name="别示例", identity="11010519491231002X", phone="00005550001", village=None)
