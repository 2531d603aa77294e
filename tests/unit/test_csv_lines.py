"""What is exported as CSV is text in a spreadsheet, never a formula."""

import csv
import io

import pytest

from services.chart_service.csv_lines import lines


@pytest.mark.parametrize("text", ["=1+1", "+1 202", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_would_be_a_formula_is_quoted(text: str) -> None:
    [row] = csv.reader(io.StringIO(lines([[text]]), newline=""))
    assert row == [f"'{text}"]


def test_other_text_is_kept_as_it_is() -> None:
    row = ["Ana", 'says "hi", twice', "a=b", "Zoë\nLopez", ""]
    assert list(csv.reader(io.StringIO(lines([row]), newline=""))) == [row]


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert lines([[-1, None, 2.5]]) == "-1,,2.5\r\n"
