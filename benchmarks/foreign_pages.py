"""Let a page of another site attack the embedded MLflow server and luigid in a real browser.

    python benchmarks/foreign_pages.py

A stack of its own is started. In headless Chromium the user opens both pages and answers the dialog for the login, so
that the browser adds it from then on. Then the user opens a page of another site on this machine: pictures, frames, a
form, fetch and links to both servers. A task with scripts in its name, parameters and message is shown by luigid.
Printed is one line for each; the exit code is the number of attacks that succeeded, or pages that did not open.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from tornado.websocket import websocket_connect

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = "<img src=x onerror=\"document.title='RAN'\"><script>document.title='RAN'</script>"
VISUALISER = "/static/visualiser/index.html"
PAGE = """<title>foreign</title>
<img src="{luigid}/api/pause"><iframe src="{luigid}/static/visualiser/index.html"></iframe>
<iframe src="{mlflow}/"></iframe>
<form id=form method=POST action="{mlflow}/api/2.0/mlflow/experiments/create" enctype="text/plain" target=answer>
<input name='{{"name":"foreign","x":"' value='"}}'></form><iframe name=answer></iframe>
<a id=page href="{luigid}/static/visualiser/index.html">page</a><a id=call href="{luigid}/api/pause">call</a>
<script>
document.getElementById("form").submit();
var read = [];
fetch("{mlflow}/api/2.0/mlflow/experiments/search?max_results=1", {{credentials: "include"}})
  .then(answer => read.push(answer.status), () => {{}});
fetch("{luigid}/api/pause", {{credentials: "include", mode: "no-cors"}}).catch(() => {{}});
</script>"""


@dataclass
class Browser:
    """One tab, over Chromium's own protocol; its dialog for a login is answered."""

    connection: Any
    login: tuple[str, str]
    dialogs: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command; return its result."""
        number = next(self._numbers)
        result = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self.connection.write_message(json.dumps({"id": number, "method": method, "params": parameters}))
        return dict(await result)

    async def listen(self) -> None:
        """Take in results and events, and answer dialogs."""
        while (message := await self.connection.read_message()) is not None:
            content = json.loads(message)
            if "id" in content:
                self._waiting.pop(content["id"]).set_result(content.get("result", {}))
            elif content["method"] in {"Fetch.requestPaused", "Fetch.authRequired"}:
                task = asyncio.create_task(self._go_on(content["method"], content["params"]["requestId"]))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _go_on(self, method: str, request: str) -> None:
        if method == "Fetch.requestPaused":
            await self.send("Fetch.continueRequest", requestId=request)
            return
        self.dialogs += 1
        answer = {"response": "ProvideCredentials", "username": self.login[0], "password": self.login[1]}
        await self.send("Fetch.continueWithAuth", requestId=request, authChallengeResponse=answer)

    async def open(self, url: str) -> None:
        """Open an address, and give the page time."""
        await self.send("Page.navigate", url=url)
        await asyncio.sleep(6)

    async def shows(self, words: str) -> bool:
        """Return whether the page comes to show some words."""
        for _ in range(60):
            if words in str(await self.evaluate("document.body.innerText")):
                return True
            await asyncio.sleep(0.5)
        return False

    async def evaluate(self, code: str) -> Any:
        """Return the value of a piece of JavaScript."""
        return (await self.send("Runtime.evaluate", expression=code)).get("result", {}).get("value")


@contextlib.contextmanager
def stack(root: Path) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Start a stack; yield the addresses of MLflow and luigid, and the login."""
    own = {"ACNE_HOME": str(root / "home"), "ACNE_STACK": str(root / "stack")}
    command = [sys.executable, "-m", "acnelib.cli"]
    subprocess.run([*command, "up"], env=os.environ | own, cwd=root, check=True)
    try:
        printed = subprocess.run(
            [*command, "env", "--format", "json"], env=os.environ | own, cwd=root, check=True, capture_output=True
        )
        servers = json.loads(printed.stdout)
        mlflow = servers["mlflow"]
        yield mlflow["url"], servers["luigid"]["url"], (mlflow["username"], mlflow["password"])
    finally:
        subprocess.run([*command, "down"], env=os.environ | own, cwd=root, check=True)


@contextlib.contextmanager
def foreign_site(mlflow: str, luigid: str) -> Iterator[str]:
    page = PAGE.format(mlflow=mlflow, luigid=luigid).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_arguments: object) -> None:
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def chromium(root: Path) -> Iterator[str]:
    """Start the browser; yield the address of its protocol."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={root / 'profile'}"]
    process = subprocess.Popen(
        ["chromium", *options, "--remote-debugging-port=0", "about:blank"], stderr=subprocess.PIPE, text=True
    )
    try:
        line = next(line for line in process.stderr or [] if "DevTools listening" in line)
        threading.Thread(target=process.stderr.read, daemon=True).start()  # type: ignore[union-attr]
        yield line.partition("ws://")[2].partition("/")[0]
    finally:
        process.terminate()
        process.wait(20)


async def attack(debugger: str, mlflow: str, luigid: str, login: tuple[str, str], foreign: str) -> int:
    def call(name: str, **query: Any) -> Any:
        body = {"data": json.dumps(query)}
        return requests.post(f"{luigid}/api/{name}", data=body, auth=login, timeout=20).json()["response"]

    def experiments() -> list[str]:
        url = f"{mlflow}/api/2.0/mlflow/experiments/search?max_results=100"
        found = requests.get(url, auth=login, timeout=20).json()["experiments"]
        return [one["name"] for one in found]

    tabs = requests.get(f"http://{debugger}/json", timeout=20).json()
    tab = next(each for each in tabs if each["type"] == "page")
    browser = Browser(await websocket_connect(tab["webSocketDebuggerUrl"], max_message_size=50_000_000), login)
    listening = asyncio.create_task(browser.listen())
    await browser.send("Page.enable")
    await browser.send("Fetch.enable", handleAuthRequests=True)
    results: dict[str, bool] = {}
    task = {"worker": "w", "task_id": "T", "family": f"F{SCRIPT}", "params": {"p": SCRIPT}, "status": "RUNNING"}
    await browser.open(f"{mlflow}/#/experiments?workflowType=machine_learning")
    results["MLflow's page opens with its data"] = await browser.shows("Last modified") and await browser.shows(
        "Default"
    )
    await browser.open(f"{luigid}{VISUALISER}")
    results["luigid's page opens"] = await browser.evaluate("document.title") == "Luigi Task Visualiser"
    results["one dialog for each server"] = browser.dialogs == 2
    await browser.evaluate("$.ajax('../../api/pause')")
    await asyncio.sleep(1)
    results["luigid's own page pauses it"] = call("is_paused")["paused"]
    call("unpause")
    await browser.open(foreign)
    results["a foreign page pauses nothing"] = not call("is_paused")["paused"]
    results["a foreign page reads nothing"] = await browser.evaluate("read.filter(one => one == 200).length") == 0
    results["a foreign form makes no experiment"] = experiments() == ["Default"]
    await browser.evaluate("document.getElementById('page').click()")
    await asyncio.sleep(5)
    results["a foreign link opens luigid's page"] = await browser.evaluate("document.title") == "Luigi Task Visualiser"
    await browser.open(foreign)
    await browser.evaluate("document.getElementById('call').click()")
    await asyncio.sleep(3)
    results["a foreign link pauses nothing"] = not call("is_paused")["paused"]
    call("add_task", **task, tracking_url="javascript:document.title='RAN'")
    call("set_task_status_message", task_id="T", status_message=SCRIPT)
    for part in ("tasks", "graph&taskId=T", "workers"):
        await browser.open(f"{luigid}{VISUALISER}?{part[:2]}#tab={part}")
        await browser.evaluate("$('.statusMessage').first().click()")
        await asyncio.sleep(2)
        title = await browser.evaluate("document.title")
        results[f"no script of a task runs ({part.partition('&')[0]})"] = title != "RAN"
    listening.cancel()
    for name, well in results.items():
        print(f"{'✓' if well else '✗'} {name}")
    return sum(not well for well in results.values())


def main() -> int:
    if shutil.which("chromium") is None:
        print("There is no chromium here: nothing was tried.")
        return 0
    with tempfile.TemporaryDirectory(prefix="acne-foreign-") as folder, contextlib.ExitStack() as running:
        root = Path(folder)
        mlflow, luigid, login = running.enter_context(stack(root))
        foreign = running.enter_context(foreign_site(mlflow, luigid))
        debugger = running.enter_context(chromium(root))
        return asyncio.run(attack(debugger, mlflow, luigid, login, foreign))


if __name__ == "__main__":
    raise SystemExit(main())
