"""The audit log says what was done in plain words."""

import pytest

from services.chart_service.audit import Action
from services.chart_service.pages import audit_words


@pytest.mark.parametrize("action", list(Action))
def test_each_act_has_words_of_its_own(action: Action) -> None:
    words = audit_words.ACTIONS[action]
    assert words[0].isupper()
    assert "_" not in words
    assert list(audit_words.ACTIONS.values()).count(words) == 1


def test_an_act_of_a_later_version_is_shown_by_its_name() -> None:
    assert audit_words.action_of("chart_merged") == "Chart merged"


def test_details_are_read_as_words() -> None:
    detail = {"fields": ["given_name", "email"], "by": "oidc", "empty": [], "all": True}
    said = "fields: given name, email; by: single sign-on; all: yes"
    assert audit_words.detail_of(detail) == said
