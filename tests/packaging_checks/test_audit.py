"""The audit of the lock: what it sends, what it reports, and how it ends where there is no network."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOCK = """\
left-pad==1.3.0 ; sys_platform == 'win32' \\
    --hash=sha256:aa
    # via acnelib (pyproject.toml)
sound==2.0 \\
    --hash=sha256:bb
    # via left-pad
"""
ADVISORY = {
    "id": "GHSA-1",
    "aliases": ["CVE-2026-1"],
    "summary": "It pads\x1b[31m too much",
    "affected": [
        {"package": {"name": "left-pad"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "1.3.1"}]}]},
    ],
}


@pytest.fixture
def audit(tmp_path):
    (tmp_path / "lock").write_text(LOCK, encoding="utf-8")

    def run(database, *more):
        script = REPOSITORY / "packaging" / "audit.py"
        arguments = [sys.executable, str(script), "--lock", str(tmp_path / "lock"), "--database", database, *more]
        return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture
def database(httpserver):
    httpserver.expect_request("/v1/querybatch").respond_with_json({"results": [{"vulns": [{"id": "GHSA-1"}]}, {}]})
    httpserver.expect_request("/v1/vulns/GHSA-1").respond_with_json(ADVISORY)
    return httpserver


def test_a_known_fault_is_named_with_its_remedy_and_fails(audit, database):
    ran = audit(database.url_for(""))
    assert ran.returncode == 1
    assert "left-pad 1.3.0: GHSA-1: It pads [31m too much (mended in 1.3.1)" in ran.stdout
    assert "2 locked packages, 1 advisories." in ran.stdout


def test_an_accepted_advisory_does_not_fail_by_any_of_its_names(audit, database):
    ran = audit(database.url_for(""), "--ignore", "CVE-2026-1")
    assert (ran.returncode, ran.stdout) == (0, "2 locked packages, 0 advisories, 1 accepted.\n")


def test_only_names_and_versions_are_sent_those_for_other_systems_too(audit, database):
    audit(database.url_for(""))
    sent = next(request for request, _ in database.log if request.path == "/v1/querybatch").get_json()
    assert sent == {
        "queries": [
            {"package": {"name": "left-pad", "ecosystem": "PyPI"}, "version": "1.3.0"},
            {"package": {"name": "sound", "ecosystem": "PyPI"}, "version": "2.0"},
        ]
    }


def test_further_pages_of_an_answer_are_asked_for(audit, httpserver):
    first = {"results": [{}, {"vulns": [], "next_page_token": "more"}]}
    httpserver.expect_ordered_request("/v1/querybatch").respond_with_json(first)
    httpserver.expect_ordered_request("/v1/querybatch").respond_with_json({"results": [{"vulns": [{"id": "GHSA-1"}]}]})
    httpserver.expect_ordered_request("/v1/vulns/GHSA-1").respond_with_json(ADVISORY)
    ran = audit(httpserver.url_for(""))
    assert ran.returncode == 1
    assert "sound 2.0: GHSA-1" in ran.stdout
    assert "no mended version is known" in ran.stdout


def test_without_a_network_it_says_so_in_one_line_and_fails_in_its_own_way(audit):
    with socket.socket() as bound:  # bound, and not listening
        bound.bind(("127.0.0.1", 0))
        ran = audit(f"http://127.0.0.1:{bound.getsockname()[1]}")
    assert ran.returncode == 3
    assert re.fullmatch(
        r"audit: not done, since the advisory database at \S+ could not be asked \(.*refused\); .*\n", ran.stderr
    )
    assert ran.stdout == ""


@pytest.mark.parametrize("answer", ["<html>Sign in</html>", "[]", '{"results": [{}]}', '{"results": [1, 2]}'])
def test_what_is_no_answer_of_a_database_is_no_clean_audit(audit, httpserver, answer):
    httpserver.expect_request("/v1/querybatch").respond_with_data(answer)
    ran = audit(httpserver.url_for(""))
    assert ran.returncode == 3
    assert ran.stderr.count("\n") == 1


def test_no_other_target_waits_for_it():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^[^#\t\n]*:[^=\n#]*\baudit\b", makefile.replace(".PHONY:", ""), re.MULTILINE) == []
    assert "audit" not in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
