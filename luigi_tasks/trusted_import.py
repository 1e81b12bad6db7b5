"""The import of Luigi, which reads its configuration then, and none that another user may have written."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.luigi_files import PATH, found_files, untrusted_files, use_own_parser
from acnelib.storage.trust import check_trusted

if TYPE_CHECKING:
    from collections.abc import Iterator


def import_luigi() -> tuple[str, ...]:
    """Import Luigi, and return its variables that do not count in this process.

    Raises:
        SettingsInvalid: A file of its configuration cannot be read, or is not trusted and was read already.
    """
    cwd = Path.cwd()
    strangers = untrusted_files(os.environ, cwd)
    if "luigi" in sys.modules:  # the command `luigi`, which has not acted upon its configuration yet
        for path in strangers:
            check_trusted(path)
        return ()
    overruled = use_own_parser()
    if not strangers:
        with _without_jsonschema():
            import luigi  # noqa: F401

        return tuple(overruled)
    if named := os.environ.get(PATH):
        os.environ[PATH] = str(cwd / named)
    with contextlib.chdir("/"), _without_jsonschema():  # where a file can be root's only
        from luigi.configuration import LuigiConfigParser
    # It reads all of its files again whenever one is added.
    LuigiConfigParser._config_paths[:] = [str(path) for path in found_files(os.environ, cwd)]  # noqa: SLF001
    LuigiConfigParser._config_paths.extend([os.environ[PATH]] if named else [])  # noqa: SLF001
    LuigiConfigParser._instance = None  # noqa: SLF001
    return tuple(overruled)


@contextlib.contextmanager
def _without_jsonschema() -> Iterator[None]:
    """Hide jsonschema from Luigi, which imports it for schemas of parameters.

    No parameter here has one, and with the parser of addresses that comes along the import takes two seconds.
    """
    if "jsonschema" in sys.modules:
        yield
        return
    sys.modules["jsonschema"] = None  # type: ignore[assignment] # its import fails
    try:
        yield
    finally:
        del sys.modules["jsonschema"]
