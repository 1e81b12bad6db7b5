"""A run of several sources: one folder of targets, one outcome, and no folder named outside of the terminal."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from datetime import datetime

import luigi
import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.config.settings import Settings
from acnelib.errors import DataUnusable, UsageError
from acnelib.pipeline.run import PipelineRun
from acnelib.runs.history import past_runs
from acnelib.runs.outcome import OutcomeRecord
from acnelib.runs.stage import Stage
from acnelib.scraping.sources import Sources
from acnelib.storage.workspace import Workspace
from luigi_tasks.pipeline import run_pipeline
from luigi_tasks.tasks import Curate

NEW_YEAR = datetime(2026, 1, 1)


@pytest.fixture
def folders(tmp_path):
    """Two sources of one photo each, and one of background."""
    for index, path in enumerate(("One/cysts/Anna.jpg", "Other/papules/Berta.jpg", "Skin/eczema/Cora.jpg")):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(draw_picture(index, seed=3).jpeg())
    return [str(tmp_path / name) for name in ("One", "Other", "Skin")]


@pytest.fixture
def run(folders, offline_settings):
    """Run the first stages on the two sources and the background; options replace fields of the run."""

    def run(**options):
        one, other, skin = folders
        fields = {
            "sources": Sources.parse([one, other], background=skin, missing_folder=True),
            "at": NEW_YEAR,
            "until": Stage.CURATE,
            "weights": "starter",
        }
        return run_pipeline(PipelineRun(**fields | options), settings=offline_settings, local_scheduler=True)

    return run


def test_its_targets_lie_in_one_folder_and_its_result_names_each_source(run, folders, offline_settings):
    result = run()
    sources = Sources.parse(folders[:2], background=folders[2])
    assert (Workspace(offline_settings.workdir).run(sources.name, "2026-01-01T000000") / "curate.json").is_file()
    assert [(source.name, source.photos, source.error) for source in result.sources] == [
        (source.name, 1, None) for source in sources.all
    ]
    assert result.background.model_dump() == {"photos": 1, "conditions": 1}
    (past,) = past_runs(offline_settings.workdir)
    assert (past.source, past.outcome, past.reached) == (sources.name, "stopped", "curate")


def test_a_source_that_fails_ends_it_before_anything_is_curated(run, folders, offline_settings, tmp_path):
    (tmp_path / "Other" / "papules" / "Berta.jpg").unlink()
    with pytest.raises(DataUnusable, match="source other-"):
        run()
    (past,) = past_runs(offline_settings.workdir)
    assert (past.outcome, past.task, past.reached) == ("failed", "Scrape", None)


@pytest.mark.parametrize("emptied", ["One", "Other", "Skin"])
def test_its_outcome_names_no_folder_of_any_source(emptied, run, folders, offline_settings, tmp_path):
    (tmp_path / emptied / "Nobody's").mkdir()
    shutil.rmtree(next((tmp_path / emptied).glob("[a-z]*")))
    with pytest.raises(DataUnusable, match=str(tmp_path)):
        run()
    name = Sources.parse(folders[:2]).name
    record = OutcomeRecord.read(Workspace(offline_settings.workdir).run(name, "2026-01-01T000000"))
    assert f"source {emptied.lower()}-" in record.reasons[0]
    assert str(tmp_path) not in json.dumps(record.reasons)


def test_it_goes_on_without_a_source_that_may_be_missing(run, tmp_path, caplog):
    (tmp_path / "Other").rename(tmp_path / "Elsewhere")
    with caplog.at_level(logging.WARNING):
        result = run(allow_missing_source=True)
    assert [source.error is None for source in result.sources] == [True, False, True]
    assert "is left out of this run" in caplog.text


def test_it_is_resumed_with_the_same_background_only(run, folders):
    run()
    with pytest.raises(UsageError, match="resume it with the same --source and --background"):
        run(sources=Sources.parse(folders[:2]))
    assert run().sources == run(at=NEW_YEAR.replace(year=2027)).sources


def test_stock_luigi_does_not_take_its_targets_for_those_of_another_background(run, folders, offline_settings):
    run()
    common = {"source": tuple(folders[:2]), "at": NEW_YEAR, "workdir": str(offline_settings.workdir)}
    assert Curate(**common, background=tuple(folders[2:])).complete()
    assert not luigi.build([Curate(**common)], local_scheduler=True, no_lock=True)
    with pytest.raises(UsageError, match="started with the sources"):
        Curate(**common).complete()


def test_another_background_is_another_run_of_the_same_folder(run, folders, offline_settings):
    run()
    run(sources=Sources.parse(folders[:2]), at=NEW_YEAR.replace(year=2027))
    assert len({past.source for past in past_runs(offline_settings.workdir)}) == 1


def test_the_webhook_is_sent_the_joined_name_and_no_folder(
    folders, offline_settings, tmp_path, httpserver_ipv4, monkeypatch
):
    monkeypatch.setattr("acnelib.runs.notifications.WAITS", (0.0, 0.0))
    httpserver_ipv4.expect_request("/ended", method="POST").respond_with_data("")
    (tmp_path / "One" / "cysts" / "Anna.jpg").unlink()
    sources = Sources.parse(folders[:2], background=folders[2])
    run = PipelineRun(sources=sources, at=NEW_YEAR, weights="starter", until=Stage.CURATE)
    settings = replace(offline_settings, webhook=httpserver_ipv4.url_for("/ended"))
    with pytest.raises(DataUnusable):
        run_pipeline(run, settings=settings, local_scheduler=True)
    ((request, _),) = httpserver_ipv4.log
    assert json.loads(request.data)["source"] == sources.name
    assert str(tmp_path) not in request.data.decode()


@pytest.fixture
def own(tmp_path):
    """A test folder of one photo of each class."""
    for index, path in enumerate(("Own/cysts/Dora.jpg", "Own/papules/Ella.jpg"), start=20):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(draw_picture(index, seed=3).jpeg())
    return str(tmp_path / "Own")


def test_it_tests_on_a_folder_that_its_result_names_without_path(run, folders, own, offline_settings, tmp_path):
    result = run(sources=Sources.parse(folders[:2], test=own))
    assert result.test.photos == 2
    targets = Workspace(offline_settings.workdir).run(Sources.parse(folders[:2]).name, "2026-01-01T000000")
    assert json.loads((targets / "scrape.json").read_text())["test"] == result.test.model_dump()
    assert str(tmp_path / "Own") not in "".join(path.read_text() for path in targets.glob("*.json"))


def test_it_is_resumed_with_the_same_test_folder_only(run, folders, own):
    sources = Sources.parse(folders[:2], test=own)
    run(sources=sources)
    with pytest.raises(UsageError, match=r"started with the test folder own-\w+: resume it with the same --test"):
        run(sources=Sources.parse(folders[:2]))
    assert run(sources=sources).test.photos == 2


def test_it_takes_no_test_folder_when_it_was_started_without(run, folders, own):
    run(sources=Sources.parse(folders[:2]))
    with pytest.raises(UsageError, match="no test folder"):
        run(sources=Sources.parse(folders[:2], test=own))


def test_it_is_resumed_with_the_same_test_share_only(run, folders, tmp_path, monkeypatch, offline_settings):
    for index, path in enumerate(("One/cysts/2.jpg", "One/cysts/3.jpg", "Other/papules/2.jpg"), start=30):
        (tmp_path / path).write_bytes(draw_picture(index, seed=3).jpeg())
    monkeypatch.delenv("MLFLOW_TRACKING_URI")  # the first split asks for production's
    sources = Sources.parse(folders[:2])
    scraped = stages.scrape(sources, settings=Settings.load())
    curated = stages.curate(scraped, settings=Settings.load())
    result = stages.split(curated, test_share=0.4, settings=Settings.load())
    assert result.counts["test"] == 2
    target = Workspace(offline_settings.workdir).run(sources.name, "2026-01-01T000000")
    for name, one in (("scrape", scraped), ("curate", curated), ("split", result)):
        one.write(target / f"{name}.json")
    run(sources=sources, test_share=0.4)
    with pytest.raises(UsageError, match=r"started with --test-share 0\.4"):
        run(sources=sources, test_share=0.2)
    with pytest.raises(UsageError, match="exclude each other"):
        run(sources=Sources.parse(folders[:2], test=folders[2]), test_share=0.4)
