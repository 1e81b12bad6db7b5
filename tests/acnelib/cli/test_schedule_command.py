"""``acne schedule`` as a person meets it."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from processes import wait_until_said

from acnelib.atlas.drawing import draw_pictures
from acnelib.config.credentials import AddressLogin
from acnelib.schedule import CronTrigger, ScheduleState, exclusive_schedule
from acnelib.scraping.sources import Source, Sources

MONDAYS = ("--cron", "0 3 * * 1")


@pytest.fixture
def workdir(tmp_path, monkeypatch):
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def photos(tmp_path):
    for picture in draw_pictures(40, seed=6):
        path = tmp_path / "photos" / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    return tmp_path / "photos"


@pytest.fixture
def clinic(tmp_path):
    for label in ("cysts", "papules"):
        (tmp_path / "clinic" / label).mkdir(parents=True)
        (tmp_path / "clinic" / label / "a.jpg").touch()
    return tmp_path / "clinic"


def start(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "acnelib.cli", "schedule", *map(str, arguments)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def missed_yesterday(folder):
    """Let a run be due at once."""
    folder.mkdir(parents=True)
    ScheduleState.of(folder).keep(CronTrigger.parse("0 3 * * 1"), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_a_schedule_that_waits(workdir, number):
    process = start(*MONDAYS)
    wait_until_said(process, "Next run at")
    process.send_signal(number)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), error
    assert error.startswith("Stopped. Done: no run yet. The same command resumes the schedule; ")


def test_ctrl_c_during_a_run_interrupts_it_and_says_what_is_done(walked, workdir, photos):
    missed_yesterday(workdir / Source.parse(str(photos)).name)
    luigid = AddressLogin(
        address=walked.settings.embedded_url("luigid"), username=walked.login[0], password=walked.login[1]
    )
    process = start(
        *MONDAYS,
        "--source",
        photos,
        "--weights",
        "starter",
        **walked.server_environment,
        ACNE_LUIGID_URL=luigid.joined,
    )
    wait_until_said(process, "✓ Split")
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert "Done: Scrape, Curate, Split" in error
    assert (
        "Stopped. Done: 1 interrupted. The same command resumes the schedule; runs missed in between are replaced"
        in error
    )
    assert out.endswith("finished results are kept\n")
    assert "Traceback" not in error


def test_a_failed_run_gives_its_reason_and_the_schedule_goes_on(workdir):
    missed_yesterday(workdir / "sample")
    nobody = "http://127.0.0.1:9"
    process = start(*MONDAYS, MLFLOW_TRACKING_URI=nobody, ACNE_LUIGID_URL=nobody)
    wait_until_said(process, "Next run at")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert f"luigid at {nobody} does not answer" in out


def test_a_second_schedule_is_refused_in_one_line(workdir, run_acne):
    with exclusive_schedule(workdir / "sample"):
        ran = run_acne("schedule", *MONDAYS)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "another schedule for sample is running" in ran.err


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--cron", "every monday"), 'such as "0 3 * * 1"'),
        ((*MONDAYS, "--source", "dermnet-clasic"), "did you mean dermnet-classic?"),
        ((*MONDAYS, "--source", "dermnet"), "--accept-terms"),
        ((*MONDAYS, "--source", "sample", "--source", "dermnet"), "--accept-terms"),
        ((*MONDAYS, "--background", "dermnet"), "--accept-terms"),
        ((*MONDAYS, "--reviews", "nowhere.jsonl"), "does not exist"),
        ((*MONDAYS, "--adapt"), "--background"),
        ((*MONDAYS, "--epochs", "3"), "add --adapt"),
        ((*MONDAYS, "--background", "nowhere"), "no source 'nowhere'"),
        ((*MONDAYS, "--backbone", "resnet"), "resnet"),
        ((*MONDAYS, "--systemd", "--crontab"), "exclude each other"),
        ((*MONDAYS, "--jitter", "-1"), "--jitter"),
    ],
)
def test_what_cannot_be_followed_is_refused_at_once_in_one_line(workdir, run_acne, monkeypatch, arguments, reported):
    monkeypatch.setenv("ACNE_CONTACT", "mailto:me@example.org")
    ran = run_acne("schedule", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert reported in ran.err
    assert not workdir.exists()


@pytest.mark.parametrize("form", ["--systemd", "--crontab"])
def test_printing_changes_nothing_and_gives_no_credential_away(workdir, run_acne, own_home, monkeypatch, form):
    monkeypatch.setenv("ACNE_TRACKING_URI", "https://me:hidden@example.org")
    monkeypatch.setenv("ACNE_TOKEN", "hidden")
    ran = run_acne("schedule", *MONDAYS, form, "--accept-terms", "--weights", "starter")
    assert ran.code == 0
    assert f"ACNE_HOME={own_home}" in ran.out
    assert f"pipeline --source sample --workdir {workdir} --weights starter --accept-terms" in ran.out
    assert "hidden" not in ran.out + ran.err
    assert "ACNE_TRACKING_URI may hold a credential and is left out" in ran.err
    assert not workdir.exists()
    assert list(own_home.iterdir()) == []


@pytest.mark.parametrize("form", ["--systemd", "--crontab"])
def test_several_sources_and_background_are_printed_whatever_their_order(workdir, run_acne, clinic, monkeypatch, form):
    monkeypatch.chdir(clinic.parent)
    options = ["--source", "sample", "--source", "clinic", "--background", "dermnet@http://127.0.0.1:9"]
    ran = run_acne("schedule", *MONDAYS, form, *options, "--allow-missing-source")
    turned = run_acne("schedule", *MONDAYS, form, *options[2:4], *options[:2], *options[4:], "--allow-missing-source")
    assert (ran.code, ran.err, ran.out) == (0, turned.err, turned.out)
    assert (
        f"pipeline --source {clinic} --source sample --background dermnet@http://127.0.0.1:9 --allow-missing-source "
        f"--workdir {workdir}"
    ) in ran.out


def test_the_units_of_several_sources_have_a_name_that_systemd_allows(workdir, run_acne, clinic):
    ran = run_acne("schedule", *MONDAYS, "--systemd", "--source", "sample", "--source", clinic)
    name = Source.parse(str(clinic)).name
    assert f"acne-{name}_sample.timer" in ran.out
    assert f"Description=One run of acne pipeline on {name}, sample\n" in ran.out


def test_a_schedule_of_several_sources_has_a_state_of_its_own(workdir, run_acne, clinic):
    sources = Sources.parse([str(clinic), "sample"])
    with exclusive_schedule(workdir / sources.name):
        ran = run_acne("schedule", *MONDAYS, "--source", "sample", "--source", clinic)
    assert ran.code == 2
    assert f"another schedule for {sources.name} is running" in ran.err


@pytest.mark.system
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("cron", ["0 3 * * 1", "*/20 3,5 1 jan-mar mon-fri", "@weekly"])
def test_systemd_finds_no_fault_with_the_units(run_acne, tmp_path, monkeypatch, cron):
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "50 % of it"))
    ran = run_acne("schedule", "--cron", cron, "--jitter", "90", "--systemd")
    for text in ran.out.split("# ~/.config/systemd/user/")[1:]:
        name, _, unit = text.partition("\n")
        (tmp_path / name).write_text(unit)
    units = [tmp_path / "acne-sample.service", tmp_path / "acne-sample.timer"]
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *units],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    # it loads the machine's own units as well, and has its say on them
    complaints = [line for line in verified.stderr.splitlines() if "acne-sample" in line]
    assert (verified.returncode, complaints) == (0, [])


@pytest.mark.parametrize("form", ["--systemd", "--crontab"])
def test_the_test_part_is_printed(workdir, run_acne, clinic, monkeypatch, form):
    monkeypatch.chdir(clinic.parent)
    folder = run_acne("schedule", *MONDAYS, form, "--test", "clinic", "--background", "dermnet@http://127.0.0.1:9")
    assert f"--background dermnet@http://127.0.0.1:9 --test {clinic} --workdir {workdir}" in folder.out
    share = run_acne("schedule", *MONDAYS, form, "--test-share", "0.15")
    assert f"pipeline --source sample --test-share 0.15 --workdir {workdir}" in share.out


@pytest.mark.parametrize("form", ["--systemd", "--crontab"])
def test_printed_runs_adapt_their_networks(run_acne, clinic, form):
    ran = run_acne("schedule", *MONDAYS, form, "--source", "sample", "--background", clinic, "--adapt", "--epochs", "3")
    assert " --adapt --epochs 3" in ran.out


@pytest.mark.parametrize("form", ["--systemd", "--crontab"])
def test_printed_runs_name_files_of_reviews_by_absolute_paths(run_acne, clinic, monkeypatch, form):
    monkeypatch.chdir(clinic.parent)
    (clinic.parent / "reviews.jsonl").touch()
    ran = run_acne("schedule", *MONDAYS, form, "--source", "clinic", "--reviews", "reviews.jsonl")
    assert f"--source {clinic} --reviews {clinic.parent / 'reviews.jsonl'} --workdir" in ran.out
