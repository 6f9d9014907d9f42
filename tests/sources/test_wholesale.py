"""A file that makes nearly every known number ten times as large or small is refused."""

from __future__ import annotations

import re

import pytest

from smup_lib.errors import ContradictionError
from smup_lib.snapshots import current_id
from smup_lib.sources import import_paths
from tests.sources import twins
from tests.sources.test_importing import real

pytestmark = pytest.mark.usefixtures("smup_home")


def test_a_file_in_thousands_is_refused_with_the_numbers_unless_the_user_insists(tmp_path):
    first = real(tmp_path, twins.CTAB)
    import_paths([*(real(tmp_path, register) for register in twins.REGISTERS), first])
    known = current_id()
    head, *rows = first.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "RYNE_1944_CTAB_20260101120000.csv"
    larger = [re.sub(r";([1-9]\d*)(?=;)", r";\g<1>000", row) for row in rows]
    path.write_text("\n".join([head, *larger]), encoding="utf-8")
    with pytest.raises(ContradictionError, match="niczego nie zapisano") as caught:
        import_paths([path])
    (problem,) = caught.value.problems
    assert re.match(r"registered_unemployed \(.*\): (\d+) z \d+ znanych wartości", problem)
    assert first.name in problem
    assert path.name in problem
    assert current_id() == known
    assert import_paths([path], override_newer=True).revised >= 20
