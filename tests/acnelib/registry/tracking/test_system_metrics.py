"""What training takes of the machine."""

from __future__ import annotations

import pytest

from acnelib.registry.tracking.system_metrics import CPU, MEMORY, read_system_metrics, system_metrics_recorded


def test_samples_are_taken_until_the_end_in_the_order_of_time(tmp_path):
    path = tmp_path / "usage.json"
    with system_metrics_recorded(path, every=0.01):
        sum(number * number for number in range(300_000))
    usage = read_system_metrics(path)
    assert set(usage) == {CPU, MEMORY}
    for pairs in usage.values():
        times = [at for at, _ in pairs]
        assert len(times) >= 2
        assert times == sorted(times)
    assert all(0 <= share <= 100 for _, share in usage[CPU])
    assert all(10 < megabytes < 100_000 for _, megabytes in usage[MEMORY])


def test_what_fails_has_no_samples(tmp_path):
    path = tmp_path / "usage.json"
    with pytest.raises(ValueError, match="no"), system_metrics_recorded(path):
        raise ValueError("no")
    assert read_system_metrics(path) == {}
