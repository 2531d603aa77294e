"""Every text that people see is translated, and the catalogues hold nothing else."""

from pathlib import Path

import pytest

from tests.contract import catalogues

CATALOGUES = catalogues.catalogues()
each = pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parents[1].name)


def test_each_service_that_writes_to_people_has_a_catalogue() -> None:
    assert {path.parents[1].name for path in CATALOGUES} == set(catalogues.SOURCES)


@each
def test_nothing_is_left_untranslated(catalogue: Path) -> None:
    name = catalogue.relative_to(catalogues.ROOT)
    assert not catalogues.missing(catalogue), (
        f"\nFill these in and paste them into {name}:\n\n{catalogues.to_paste(catalogue)}"
    )


@each
def test_nothing_is_translated_that_nobody_shows(catalogue: Path) -> None:
    assert catalogues.obsolete(catalogue) == []


@each
def test_translations_keep_the_placeholders(catalogue: Path) -> None:
    assert catalogues.unlike(catalogue) == []
