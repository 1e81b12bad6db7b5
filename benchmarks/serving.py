"""How fast does `acne serve` answer, beside `mlflow models serve` on the same registered model? A table in Markdown.

    python benchmarks/serving.py [--seconds N] [--clients N]… [--root DIR] [--without-mlflow]

The sample atlas is scraped, trained on and registered first, in a temporary folder (or ``--root``, which is kept and
used again) and with a stack of its own. Each client sends one photo, waits for the answer and sends the next; all share
the machine with the server. The exit code is 1 where any answer was a failure.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.atlas.drawing import draw_pictures, encode_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator

FOREIGN = ("ACNE_", "MLFLOW_", "AWS_", "LUIGI_")
TOKEN = "a-token-for-this-benchmark"
STARTING = 180


def environment(root: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {"ACNE_HOME": root / "home", "ACNE_STACK": root / "stack", "ACNE_WORKDIR": root / "work"}
    # MLflow starts uvicorn by its name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return inherited | {name: str(value) for name, value in own.items()} | {"ACNE_API_TOKEN": TOKEN, "PATH": path}


def acne(root: Path, command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "acnelib.cli", command],
        env=environment(root),
        cwd=root,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def serving(root: Path, port: int, *arguments: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for as long as the block lasts, from its first answer on."""
    with (root / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment(root) | extra,
            cwd=root,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + STARTING
            while not answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"no server: {(root / 'server.log').read_text()[-2000:]}")
                time.sleep(0.2)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def by_acne(photo: bytes, port: int) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    return request("/v1/predictions", "multipart/form-data; boundary=b", head + photo + b"\r\n--b--\r\n", port)


def by_mlflow(photo: bytes, port: int) -> bytes:
    text = json.dumps({"dataframe_records": [{"image": base64.b64encode(photo).decode()}]})
    return request("/invocations", "application/json", text.encode(), port)


def request(path: str, kind: str, body: bytes, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(port: int, message: bytes, until: float, took: list[float]) -> int:
    """Ask until it is late; return how many answers were failures."""
    failures = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        took.append(time.perf_counter() - began)
        failures += " 200 " not in head.partition("\r\n")[0]
    writer.close()
    return failures


async def measure(port: int, message: bytes, clients: int, seconds: float) -> tuple[list[float], int, float]:
    took: list[float] = []
    await client(port, message, time.perf_counter() + 1, [])  # the first answers load what later ones have
    began = time.perf_counter()
    failures = await asyncio.gather(*(client(port, message, began + seconds, took) for _ in range(clients)))
    return sorted(took), sum(failures), time.perf_counter() - began


def show(name: str, port: int, message: bytes, clients: list[int], seconds: float) -> int:
    """Print a row for each number of clients and return how many answers were failures."""
    failed = 0
    for number in clients:
        took, failures, lasted = asyncio.run(measure(port, message, number, seconds))
        p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
        print(f"| {name} | {number} | {len(took) / lasted:.1f} | {p50:.0f} | {p99:.0f} | {failures} |", flush=True)
        failed += failures
    return failed


def compare(root: Path, clients: list[int], seconds: float, *, with_mlflow: bool) -> int:
    photo = encode_jpeg(next(iter(draw_pictures(1, seed=7))).image)
    load = os.getloadavg()[0]
    print(f"One photo a request, {len(photo)} bytes; {os.cpu_count()} cores, load {load:.1f} before it began.\n")
    print("| server | clients | answers/s | p50 ms | p99 ms | failures |\n|---|---|---|---|---|---|")
    port = free_port()
    with serving(root, port, "acnelib.cli", "serve", "--port", str(port)):
        failed = show("acne serve", port, by_acne(photo, port), clients, seconds)
    if with_mlflow:
        stack = json.loads((root / "home" / "stack.json").read_text())
        url = stack["services"]["mlflow"]["url"]
        keys = json.loads((Path(stack["directory"]) / "credentials.json").read_text())
        login = {"MLFLOW_TRACKING_USERNAME": keys["username"], "MLFLOW_TRACKING_PASSWORD": keys["password"]}
        port = free_port()
        arguments = ("mlflow", "models", "serve", "-m", "models:/acne@production", "--env-manager", "local")
        with serving(root, port, *arguments, "--port", str(port), MLFLOW_TRACKING_URI=url, **login):
            failed += show("mlflow models serve", port, by_mlflow(photo, port), clients, seconds)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each row is measured")
    parser.add_argument("--clients", type=int, action="append", help="clients at the same time (default: 32 and 200)")
    parser.add_argument("--root", type=Path, help="keep what was trained here, and use it again")
    parser.add_argument("--without-mlflow", action="store_true", help="measure acne serve alone")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        root = options.root or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="acne-serving-")))
        root.mkdir(parents=True, exist_ok=True)
        stack.callback(acne, root, "down")
        acne(root, "up" if (root / "work").is_dir() else "demo")
        failed = compare(
            root.resolve(), options.clients or [32, 200], options.seconds, with_mlflow=not options.without_mlflow
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
