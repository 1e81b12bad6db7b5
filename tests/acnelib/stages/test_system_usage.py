"""What training takes of the machine."""

from __future__ import annotations

import pytest

from acnelib.stages.system_usage import CPU, MEMORY, read_usage, usage_written


def test_samples_are_taken_until_the_end_in_the_order_of_time(tmp_path):
    path = tmp_path / "usage.json"
    with usage_written(path, every=0.01):
        sum(number * number for number in range(300_000))
    usage = read_usage(path)
    assert set(usage) == {CPU, MEMORY}
    for pairs in usage.values():
        times = [at for at, _ in pairs]
        assert len(times) >= 2
        assert times == sorted(times)
    assert all(0 <= share <= 100 for _, share in usage[CPU])
    assert all(10 < megabytes < 100_000 for _, megabytes in usage[MEMORY])


def test_what_fails_has_no_samples(tmp_path):
    path = tmp_path / "usage.json"
    with pytest.raises(ValueError, match="no"), usage_written(path):
        raise ValueError("no")
    assert read_usage(path) == {}
