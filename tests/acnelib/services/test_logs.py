"""The services' logs: kept small, read at their end, followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acnelib.errors import ServiceFailed
from acnelib.services import Stack, logs
from acnelib.services.disk import size_of

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.config.settings import Settings


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "s3.log"


def test_a_small_log_is_left_alone(log: Path) -> None:
    log.write_text("one\n")
    assert not logs.rotate(log, max_bytes=10)
    assert log.read_text() == "one\n"
    assert not logs.rotate(log.with_name("none.log"), max_bytes=10)


def test_a_large_log_makes_room_and_keeps_its_end_in_whole_lines(log: Path) -> None:
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    assert logs.rotate(log, max_bytes=30)
    assert log.read_text() == ""
    assert logs.earlier(log).read_text() == "line 97\nline 98\nline 99\n"


def test_whoever_writes_to_a_log_goes_on_when_it_made_room(log: Path) -> None:
    """Servers are not told; they were given a file that is open to append."""
    with log.open("ab", buffering=0) as server:
        server.write(b"x" * 50 + b"\n")
        logs.rotate(log, max_bytes=20)
        server.write(b"after\n")
    assert log.read_text() == "after\n"


def test_the_last_lines_reach_back_before_the_log_made_room(log: Path) -> None:
    logs.earlier(log).write_text("one\ntwo\n")
    log.write_text("three\n")
    assert logs.tail(log, 2).lines == ("two", "three")
    assert logs.tail(log, 9).lines == ("one", "two", "three")
    assert logs.tail(log, 0).lines == ()
    assert logs.tail(log.with_name("none.log"), 3).lines == ()


def test_following_gives_whole_lines_only_and_survives_a_log_that_made_room(log: Path) -> None:
    log.write_text("long before this\n")
    after = {"s3": logs.tail(log, 1)}
    looks = iter(
        [
            lambda: log.write_text(log.read_text() + "begun"),
            lambda: log.write_text(log.read_text() + " and ended\n"),
            lambda: log.write_text("anew\n"),
        ]
    )

    def wait() -> bool:
        step = next(looks, None)
        if step:
            step()
        return step is not None

    assert list(logs.follow({"s3": log}, after=after, wait=wait)) == [("s3", "begun and ended"), ("s3", "anew")]


def test_a_log_that_comes_later_is_followed_from_its_start(log: Path) -> None:
    looks = iter([True, False])

    def wait() -> bool:
        log.write_text("first\n")
        return next(looks)

    assert list(logs.follow({"s3": log}, after={"s3": logs.tail(log, 1)}, wait=wait)) == [("s3", "first")]


def test_what_is_written_between_the_tail_and_the_following_is_told_once(log: Path) -> None:
    log.write_text("before\n")
    after = {"s3": logs.tail(log, 1)}
    log.write_text("before\nmeanwhile\n")
    looks = iter([True, True, False])
    assert list(logs.follow({"s3": log}, after=after, wait=lambda: next(looks))) == [("s3", "meanwhile")]


def test_a_stack_that_was_never_started_has_no_logs(settings: Settings) -> None:
    with pytest.raises(ServiceFailed, match="run `acne up`"):
        Stack(settings).logs()
    assert not settings.stack.exists()


def test_up_lets_the_log_of_a_service_that_is_well_make_room(
    stack: Stack, shared_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is never restarted would fill the disk."""
    monkeypatch.setattr(logs, "MAX_BYTES", 100)
    monkeypatch.setattr(logs.rotate, "__kwdefaults__", {"max_bytes": 100})
    path = stack.logs()["luigid"]
    with path.open("a") as stream:
        stream.write("much\n" * 100)
    before = stack.status()["luigid"]
    stack.up()
    assert path.stat().st_size <= 100
    assert stack.status()["luigid"] == before


def test_a_size_counts_every_file_below_and_nothing_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"12345")
    (tmp_path / "d").write_bytes(b"123")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    link = (tmp_path / "link").lstat().st_size
    assert size_of(tmp_path) == 8 + link
    assert size_of(tmp_path / "d") == 3
    assert size_of(tmp_path / "none") == 0
