"""How large a stack is asked to be."""

from pathlib import Path

import pytest

from devstack.kafka_cluster import OtherSizeError, check_size
from devstack.size import Size, SizeError, scale_of, size_in


def test_a_stack_is_small_unless_told_otherwise() -> None:
    assert size_in({}) == Size(brokers=1, scale={})
    names = [instance.name for instance in Size().instances]
    assert names == [
        "chart_service",
        "invitation_service",
        "notification_service",
        "portal_access",
        "ops_console",
    ]


def test_further_instances_have_numbers() -> None:
    names = [instance.name for instance in Size(scale={"portal_access": 3}).instances]
    assert [name for name in names if name.startswith("portal")] == [
        "portal_access",
        "portal_access-2",
        "portal_access-3",
    ]


def test_the_environment_says_the_size_and_is_said_by_it() -> None:
    size = size_in(
        {"PORTICO_BROKERS": "3", "PORTICO_SCALE": "invitation_service=2, portal_access=3"}
    )
    assert size == Size(3, {"invitation_service": 2, "portal_access": 3})
    assert size_in(size.environment) == size


@pytest.mark.parametrize("brokers", ["2", "0", "many"])
def test_an_odd_number_of_brokers_is_refused(brokers: str) -> None:
    with pytest.raises(SizeError, match="1 or 3"):
        size_in({"PORTICO_BROKERS": brokers})


@pytest.mark.parametrize(
    "word", ["invitation_service", "inbox=2", "portal_access=0", "portal_access=9", "=2"]
)
def test_an_odd_scale_is_refused_by_what_could_be(word: str) -> None:
    with pytest.raises(SizeError, match=r"portal_access|invitation_service=2"):
        Size(scale=scale_of([word]))


@pytest.mark.parametrize(("made", "wanted", "flag"), [("data", 3, 1), ("broker-1", 1, 3)])
def test_messages_of_another_number_of_brokers_are_left_alone(
    tmp_path: Path, made: str, wanted: int, flag: int
) -> None:
    (tmp_path / made).mkdir()
    check_size(tmp_path, flag)
    with pytest.raises(OtherSizeError, match=f"--brokers {flag}"):
        check_size(tmp_path, wanted)
