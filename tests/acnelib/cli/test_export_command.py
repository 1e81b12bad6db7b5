"""``acne export`` as people meet it."""

from __future__ import annotations

from tiny_bundles import sealed


def test_production_is_exported_to_a_folder_with_one_line_of_result(walked, tmp_path):
    ran = walked.acne("export", "--to", tmp_path / "phones")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(
        f"Model acne, version 1, in {tmp_path / 'phones'}: README.md, SHA256SUMS, example.py, "
    )
    assert len(ran.stdout.splitlines()) == 1
    assert (tmp_path / "phones" / "model.tflite").is_file()


def test_what_the_licences_forbid_goes_to_standard_error(own_bundle, tmp_path, run_acne):
    ran = run_acne("export", "--to", tmp_path / "phones", "--model", own_bundle)
    assert ran.code == 0, ran.err
    assert ran.err == "acne: before it is published or sold: the licence of 17 photos is unknown\n"


def test_nothing_of_the_training_photos_is_exported_unless_it_is_asked_for(tmp_path, run_acne):
    learnt = "0123456789abcdef"
    export = ["export", "--model", sealed(tmp_path / "bundle", files={"learnt_from.txt": f"{learnt}\n"}), "--to"]
    assert run_acne(*export, tmp_path / "export").code == 0
    assert not [path for path in (tmp_path / "export").iterdir() if learnt.encode() in path.read_bytes()]
    assert run_acne(*export, tmp_path / "export", "--with-training-hashes").code == 0
    assert (tmp_path / "export" / "learnt_from.txt").read_text() == f"{learnt}\n"
    assert run_acne(*export, tmp_path / "export").code == 0
    assert not (tmp_path / "export" / "learnt_from.txt").exists()


def test_help_says_what_training_hashes_give_away(run_acne):
    words = " ".join(run_acne("export", "--help").out.replace("│", " ").split())
    assert "can then find out whether the model learnt from it" in words


def test_a_folder_with_other_things_is_a_wrong_use_in_one_line(own_bundle, photos, paint, run_acne):
    paint("mine.png", "red")
    ran = run_acne("export", "--to", photos, "--model", own_bundle)
    assert ran.code == 2
    assert f"{photos} holds other things (mine.png): name a new or an empty folder" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_export_to_the_embedded_store_by_its_address(walked):
    ran = walked.acne("export", "--to", "s3://acne/exports/by-command", "--model", "1")
    assert ran.returncode == 0, ran.stderr
    assert "in s3://acne/exports/by-command: " in ran.stdout


def test_with_debug_no_key_is_told(walked):
    from acnelib.services import Stack

    keys = Stack(walked.settings).credentials()
    ran = walked.acne("--debug", "export", "--to", "s3://acne/exports/debug")
    assert ran.returncode == 0, ran.stderr
    assert keys.secret_key not in ran.stderr
    assert keys.access_key not in ran.stderr


def test_a_bucket_that_is_not_there_is_one_line(walked):
    ran = walked.acne("export", "--to", "s3://elsewhere/models")
    assert ran.returncode == 1
    assert "has no bucket 'elsewhere'" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
