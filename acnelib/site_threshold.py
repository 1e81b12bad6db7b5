"""The site's own confidence threshold for a bundle, which `acne validate --apply` keeps in ``ACNE_HOME``.

One file per bundle, ``thresholds/<SHA-256 of the bundle>.json`` (mode 0600)::

    {"schema": 1, "value": 0.93, "level": 0.9, "photos": 120, "groups": 104, "applied_at": "2026-11-24T12:00:00+00:00"}

It is never sent anywhere. A file that cannot be understood is an error: the model's own threshold in its place would
call answers confident that are not, at this site.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.errors import SettingsInvalid
from acnelib.storage.files import PART_SUFFIX, write_json
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "thresholds"
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class SiteThreshold:
    """A threshold fitted on labelled photos of this site.

    Attributes:
        value: Lowest confidence (0–1) of a confident answer; 1: no threshold holds, and no answer is confident.
        level: Share of confident answers that should be right, 0–1.
        photos: Photos that it was fitted on.
        groups: Their groups.
        applied_at: ISO 8601, UTC.
    """

    value: float
    level: float
    photos: int
    groups: int
    applied_at: str

    @classmethod
    def fitted_now(cls, value: float, *, level: float, photos: int, groups: int) -> SiteThreshold:
        """Return a threshold with the present time."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(value=value, level=level, photos=photos, groups=groups, applied_at=now)


class SiteThresholds:
    """The files of thresholds in the home.

    Args:
        home: Folder of the settings.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def of(self, bundle_sha256: str | None) -> SiteThreshold | None:
        """Return the threshold for a bundle; None without one, and for a candidate.

        Raises:
            SettingsInvalid: The file cannot be read or understood, or another user may have written it.
        """
        if bundle_sha256 is None:
            return None
        path = self._path(bundle_sha256)
        check_trusted(path)
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values["schema"] != SCHEMA:
                raise ValueError(f"schema {values['schema']!r} is not {SCHEMA}")
            for number in (values["value"], values["level"]):
                if type(number) not in {int, float} or not 0 <= number <= 1:
                    raise ValueError(f"{number!r} is no share between 0 and 1")
            return SiteThreshold(**{each.name: values[each.name] for each in fields(SiteThreshold)})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SettingsInvalid(
                f"{path} cannot be understood ({plain_reason(error)}), and it is this site's threshold for the model: "
                "delete it, or fit it again with acne validate DIR --apply"
            ) from error

    def keep(self, bundle_sha256: str, threshold: SiteThreshold) -> None:
        """Keep a threshold for a bundle, in place of an earlier one.

        Raises:
            OSError: The file cannot be written.
        """
        write_json(self._path(bundle_sha256), {"schema": SCHEMA, **asdict(threshold)}, mode=0o600)

    def forget(self, bundle_sha256: str) -> bool:
        """Forget the threshold for a bundle, and return whether there was one.

        Raises:
            OSError: The file cannot be deleted.
        """
        path = self._path(bundle_sha256)
        existed = path.exists()
        for each in (path, *path.parent.glob(f".{path.name}.*{PART_SUFFIX}")):
            each.unlink(missing_ok=True)
        return existed

    def _path(self, bundle_sha256: str) -> Path:
        return self.folder / f"{bundle_sha256}.json"
