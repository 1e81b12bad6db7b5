"""Which worker runs which tests: what is dear is made by one worker, and no worker waits while another makes it."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
SHARED_BY_ALL = ("walked", "workplace")
"""Fixtures that go through all stages, which takes a minute: all files that want one run in one worker."""


class ByWhatIsShared(LoadScopeScheduling):
    """Gives files to workers, those with a fixture of a minute together."""

    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid.partition("::")[0])


@functools.cache
def _scope(file: str) -> str:
    text = (ROOT / file).read_text()
    for fixture in SHARED_BY_ALL:
        if re.search(rf"\b{fixture}\b", text):
            return fixture
    folder = Path(file).parent.name
    return {"stages": "workplace", "retention": "workplace", "services": "services"}.get(folder, file)
