"""What a broker is told."""

import base64

from devstack.kafka_settings import new_cluster_id


def test_a_clusters_id_is_never_taken_for_an_option() -> None:
    made = {new_cluster_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(base64.urlsafe_b64decode(f"{one}==")) for one in made} == {16}
    assert [one for one in made if one.startswith("-")] == []
