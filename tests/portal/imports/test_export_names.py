"""What a downloaded list is called."""

import io
from datetime import date

import pytest

from portal.imports.exports import workbook_response


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["Law branch", "People"], "Law branch-People-20260228.xlsx"),
        (["a/b\\c:d*e?f\"g<h>i|j", "k\nl"], "a b c d e f g h i j-k l-20260228.xlsx"),
        (["x" * 300], f"{'x' * 120}-20260228.xlsx"),
    ],
)
def test_workbook_is_called_by_whose_list_it_is_which_and_the_day(names, called):
    answer = workbook_response(io.BytesIO(b"PK"), *names, on=date(2026, 2, 28))
    assert answer["Content-Disposition"] == f'attachment; filename="{called}"'
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
