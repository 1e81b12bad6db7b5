"""One service kept running: ports, processes and failures, on the quick services and on pretended ones."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from acnelib.errors import ServiceFailed
from acnelib.services import keeper as keeper_module
from acnelib.services import processes
from acnelib.services.credentials import StackCredentials
from acnelib.services.keeper import ServiceKeeper
from acnelib.services.luigid import CONFIGURATION, Luigid
from acnelib.services.s3 import S3
from acnelib.services.service import Service, inherited
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Pretended(Service):
    """A program of ours in place of a server."""

    program: str
    well: bool = False
    name = "pretended"
    title = "Pretended server"

    def command(self, port: int) -> list[str]:
        return [sys.executable, "-c", self.program, str(port)]

    def environment(self) -> dict[str, str]:
        return {}

    def answers(self, url: str, *, timeout: float) -> bool:
        return self.well


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Callable[..., ServiceKeeper]]:
    keepers = []

    def keeper(service: Service, *, preferred_port: int = 0, time_out: float = 30) -> ServiceKeeper:
        made = ServiceKeeper(service, folder=tmp_path, preferred_port=preferred_port, time_out=time_out)
        keepers.append(made)
        return made

    yield keeper
    for made in keepers:
        made.stop()


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    """A port on which somebody else listens."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


@pytest.fixture
def store(tmp_path: Path) -> S3:
    return S3(StackCredentials.load_or_make(tmp_path))


@pytest.fixture
def keys(tmp_path: Path) -> StackCredentials:
    return StackCredentials.load_or_make(tmp_path)


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def test_a_taken_port_is_left_to_its_owner_and_the_one_found_instead_is_kept(
    keep: Callable[..., ServiceKeeper], store: S3, taken: socket.socket
) -> None:
    """Also when the preferred port is free again: bookmarks and clients know the other one."""
    preferred = port_of(taken)
    keeper = keep(store, preferred_port=preferred)
    keeper.start()
    keeper.wait()
    found = keeper.url
    taken.close()

    keeper.stop()
    keeper.start()
    keeper.wait()

    assert found != f"http://127.0.0.1:{preferred}"
    assert keeper.url == found
    assert keeper.healthy(patience=5)


def test_a_kept_port_that_somebody_else_took_meanwhile_is_given_up(
    keep: Callable[..., ServiceKeeper], store: S3, taken: socket.socket, tmp_path: Path
) -> None:
    """Whoever listens there now is not taken for ours."""
    write_json(tmp_path / "run" / "s3.json", {"port": port_of(taken), "pid": None, "started": None})
    keeper = keep(store)

    assert not keeper.healthy(patience=1)
    keeper.start()
    keeper.wait()

    assert keeper.url != f"http://127.0.0.1:{port_of(taken)}"


def test_a_port_lost_while_the_service_starts_is_exchanged(
    keep: Callable[..., ServiceKeeper], store: S3, taken: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking for a port and listening on it somebody else can be quicker."""
    keeper = keep(store, preferred_port=port_of(taken))
    with monkeypatch.context() as patch:
        patch.setattr(keeper_module.ports, "is_free", lambda port: True)
        keeper.start()
    assert keeper.url == f"http://127.0.0.1:{port_of(taken)}"

    keeper.wait()

    assert keeper.url != f"http://127.0.0.1:{port_of(taken)}"
    assert keeper.healthy(patience=5)


def test_an_answer_from_somebody_else_on_the_port_does_not_count(
    keep: Callable[..., ServiceKeeper], taken: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another MLflow server, say, answers while ours is about to end for want of the port."""
    keeper = keep(Pretended("import time; time.sleep(600)", well=True), preferred_port=port_of(taken))
    with monkeypatch.context() as patch:
        patch.setattr(keeper_module.ports, "is_free", lambda port: True)
        keeper.start()

    assert keeper.process() is not None
    assert not keeper.healthy(patience=1)


def test_a_recycled_process_id_is_neither_well_nor_ended(
    keep: Callable[..., ServiceKeeper], store: S3, taken: socket.socket, tmp_path: Path
) -> None:
    """The record of yesterday may name somebody else's process of today."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        record = {"port": port_of(taken), "pid": stranger.pid, "started": 0.0}
        write_json(tmp_path / "run" / "s3.json", record)
        keeper = keep(store)

        assert keeper.process() is None
        assert not keeper.healthy(patience=1)
        assert not keeper.stop()
        assert stranger.poll() is None
        stranger.communicate(b"\n")


def test_a_process_that_nobody_remembers_is_ended_before_another_is_started(
    keep: Callable[..., ServiceKeeper], store: S3, tmp_path: Path
) -> None:
    """As when `up` was killed before it wrote its record, or somebody deleted the folder."""
    keeper = keep(store)
    keeper.start()
    keeper.wait()
    forgotten = keeper.process()
    (tmp_path / "run" / "s3.json").unlink()

    keeper.start()

    assert forgotten is not None
    assert not processes.lives(forgotten)


def test_a_service_that_ends_at_once_fails_with_its_last_words(
    keep: Callable[..., ServiceKeeper], tmp_path: Path
) -> None:
    """Words of an earlier start, in the same log, are not shown."""
    log = tmp_path / "log" / "pretended.log"
    log.parent.mkdir()
    log.write_text("of yesterday\n")
    keeper = keep(Pretended("print('no such table'); raise SystemExit(3)"))
    keeper.start()

    with pytest.raises(ServiceFailed, match=r"ended right after its start: no such table") as failure:
        keeper.wait()

    assert str(log) in str(failure.value)
    assert "of yesterday" not in str(failure.value)


def test_a_service_that_is_not_ready_in_time_is_ended(keep: Callable[..., ServiceKeeper]) -> None:
    """A half-started server is not left behind."""
    keeper = keep(Pretended("import time; time.sleep(600)"), time_out=0.3)
    keeper.start()
    process = keeper.process()

    with pytest.raises(ServiceFailed, match=r"was not ready after 0 s: it logged nothing"):
        keeper.wait()

    assert process is not None
    assert not processes.lives(process)


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("ready", flush=True)
time.sleep(600)
"""


def test_a_process_that_ignores_the_request_to_end_is_killed_with_its_children(
    keep: Callable[..., ServiceKeeper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`down` leaves nothing behind."""
    monkeypatch.setattr(keeper_module, "STOP_SECONDS", 0.2)
    keeper = keep(Pretended(STUBBORN))
    keeper.start()
    while "ready" not in (tmp_path / "log" / "pretended.log").read_text():
        time.sleep(0.01)
    family = processes.marked(f"pretended {tmp_path}")

    assert keeper.stop()

    assert len(family) == 2
    assert not any(processes.lives(member) for member in family)
    assert not keeper.stop()


def test_a_damaged_record_is_a_failure_that_names_the_file(
    keep: Callable[..., ServiceKeeper], keys: StackCredentials, tmp_path: Path
) -> None:
    """Not a reason to start a second server beside the first."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "luigid.json").write_text("{")
    keeper = keep(Luigid(keys))

    with pytest.raises(ServiceFailed, match=r"luigid\.json cannot be read"):
        keeper.healthy(patience=1)
    (tmp_path / "run" / "luigid.json").unlink()


class ForgetfulOfWorkers(Luigid):
    """luigid that counts a worker as gone at once instead of after ten seconds, and writes its state at its end."""

    def command(self, port: int) -> list[str]:
        python, option, start, *rest = super().command(port)
        return [python, option, start.replace("= SimpleTaskState.dump ", ""), *rest, "--state-path", "luigid.pickle"]

    def files(self) -> dict[str, str]:
        patient = super().files()[CONFIGURATION]
        return {CONFIGURATION: patient.replace("worker_disconnect_delay=10", "worker_disconnect_delay=0")}


def test_a_finished_task_stays_in_the_graph_for_a_week_after_its_worker_left(
    keep: Callable[..., ServiceKeeper],
    keys: StackCredentials,
    luigi: Callable[..., dict[str, object]],
) -> None:
    """The address that a pipeline printed still shows something the next morning."""
    keeper = keep(ForgetfulOfWorkers(keys))
    keeper.start()
    keeper.wait()
    luigi(keys, keeper.url, "add_task", worker="gone", task_id="Done", status="DONE")

    luigi(keys, keeper.url, "prune")
    luigi(keys, keeper.url, "prune")

    assert list(luigi(keys, keeper.url, "task_list", status="DONE", upstream_status="")) == ["Done"]


def test_luigid_ignores_a_broken_luigi_cfg_where_it_was_started(
    keep: Callable[..., ServiceKeeper], keys: StackCredentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """luigi reads the current folder's settings whatever else it is told."""
    elsewhere = tmp_path / "project"
    elsewhere.mkdir()
    (elsewhere / "luigi.cfg").write_text("not a configuration")
    monkeypatch.chdir(elsewhere)
    keeper = keep(Luigid(keys))

    keeper.start()
    keeper.wait()

    assert keeper.healthy(patience=5)


def test_services_take_nothing_over_that_would_configure_them() -> None:
    """What the user set for Amazon, another tracking server or a proxy is not meant for the stack."""
    environ = {
        "PATH": "/bin",
        "AWS_PROFILE": "work",
        "MLFLOW_TRACKING_URI": "http://elsewhere",
        "NANIO_HOST": "0.0.0.0",
    }

    kept = inherited(environ | {"HTTP_PROXY": "http://proxy", "no_proxy": ""})

    assert kept == {
        "PATH": "/bin",
        "HTTP_PROXY": "http://proxy",
        "no_proxy": "127.0.0.1",
        "NO_PROXY": "127.0.0.1",
        "PYTHONSAFEPATH": "1",
    }
