"""The addresses of runs and versions for people, and the view in which the list of runs opens."""

from __future__ import annotations

import json
from dataclasses import replace

from acnelib.registry.tracking.saved_view import VIEW_TAG, save_view


def test_addresses_for_people_name_run_and_version(tracking):
    with tracking.candidate_run("abc", name="net", tags={}, stage="train") as run:
        pass
    assert tracking.run_url(run.run_id).startswith(f"{tracking.server}/#/experiments/{tracking.experiment_id}/runs/")
    assert run.run_id in tracking.run_url(run.run_id)
    assert f"/#/models/{tracking.model_name}/versions/3" in tracking.version_url("3")
    assert "%22one%22%2C%22two%22" in tracking.comparison_url(["one", "two"])


def test_no_address_for_people_has_the_login_of_the_server(tracking):
    secretive = replace(tracking, server=tracking.server.replace("://", "://ann:hush@"))
    addresses = (
        secretive.run_url("one"),
        secretive.runs_url(),
        secretive.comparison_url(["one", "two"]),
        secretive.version_url("3"),
    )
    assert not [address for address in addresses if "hush" in address]


def test_one_run_is_compared_with_nothing(tracking):
    assert tracking.comparison_url(["one"]) is None


def test_the_list_of_runs_opens_with_the_saved_view_and_sorts_the_latest_first(tracking, ask):
    assert f"/#/experiments/{tracking.experiment_id}/runs?viewStateShareKey=acnelib&" in tracking.runs_url()
    save_view(tracking.client, tracking.experiment_id, at=1)
    view = saved(tracking, ask)
    state = json.loads(view["state"])
    assert (view["name"], view["createdAt"], view["updatedAt"]) == ("Candidates", 1, 1)
    assert (state["orderByKey"], state["orderByAsc"]) == ("attributes.start_time", False)
    assert state["columnOrder"][-5:] == state["selectedColumns"]


def test_a_view_that_people_changed_stays(tracking, ask):
    save_view(tracking.client, tracking.experiment_id, at=1)
    tracking.client.set_experiment_tag(tracking.experiment_id, VIEW_TAG, json.dumps({"name": "mine"}))
    save_view(tracking.client, tracking.experiment_id, at=2)
    assert saved(tracking, ask) == {"name": "mine"}


def saved(tracking, ask):
    tags = ask("experiments/get", experiment_id=tracking.experiment_id)["experiment"]["tags"]
    return json.loads(next(tag["value"] for tag in tags if tag["key"] == VIEW_TAG))
