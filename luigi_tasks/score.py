"""Task outside the pipeline: scores many pictures into a table of Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import luigi

from acnelib.scoring.job import score
from acnelib.storage.files import SHARED, digest_of, write_json


class PlaceParameter(luigi.Parameter):
    """A folder, file or bucket; luigid shows its last part and a digest, never a path."""

    def normalize(self, value: str) -> str:
        """Make paths absolute, so that a task is the same in every current folder."""
        return value if "://" in value else str(Path(value).expanduser().absolute())

    def serialize(self, value: str) -> str:
        """Return an identifier that hides the path."""
        return f"{Path(value).name}-{digest_of(value)[:8]}"


class Score(luigi.Task):
    """Pictures scored by a model; the target, a small JSON beside the results, is written last."""

    pictures = PlaceParameter(description="a photo, a folder, a manifest table, or s3://BUCKET/PREFIX")
    to = PlaceParameter(description="folder for the results")
    model = luigi.Parameter(default="production", description="production, staging, a version or a bundle's folder")
    engine = luigi.ChoiceParameter(default="spark", choices=("spark", "local"), description="engine that does the work")
    master = luigi.Parameter(default="local[2]", significant=False, description="Spark master")

    def output(self) -> luigi.LocalTarget:
        """Return the target."""
        return luigi.LocalTarget(f"{self.to}.json")

    def result(self) -> dict[str, Any]:
        """Return the content of the target."""
        values: dict[str, Any] = json.loads(Path(self.output().path).read_text(encoding="utf-8"))
        return values

    def run(self) -> None:
        """Score; results that a killed run left without a target are replaced."""
        scored = score(
            [self.pictures], to=self.to, model=self.model, engine=self.engine, master=self.master, overwrite=True
        )
        write_json(Path(self.output().path), scored.as_dict(), mode=SHARED)
        self.set_status_message(f"{scored.rows} rows, {scored.errors} with an error")
