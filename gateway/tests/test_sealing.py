"""A bag is sound, others' tools agree, and no byte of it can change unseen."""

import shutil
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from local_tsa import local_tsa
from small_bag import small_bag, staged

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_gateway.evidence import verify_bag
from wideberth_gateway.evidence.sealing import seal_bag
from wideberth_gateway.evidence.stamping import Authority, ask
from wideberth_gateway.evidence.verify_bag import Check, files_of


def faults(bag: Path, seal: str | None = None) -> list[str]:
    check = Check(bag)
    check.run(seal)
    return check.faults


@pytest.fixture
def bag(tmp_path) -> Path:
    made = small_bag(tmp_path).path
    for name in files_of(made)[0]:
        (made / name).chmod(0o644)  # the tests change what nobody else may
    return made


def test_a_bag_is_sound_for_us_and_for_the_library_of_congress(tmp_path):
    sealed = small_bag(tmp_path)
    assert faults(sealed.path, sealed.seal) == []
    assert bagit.Bag(str(sealed.path)).is_valid()
    assert all(not (sealed.path / name).stat().st_mode & 0o222 for name in files_of(sealed.path)[0])
    assert not (tmp_path / "staged").exists()


def test_the_verifier_in_the_bag_runs_with_bare_python_in_an_empty_folder(bag, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments in ([], [str(bag)]):
        command = [sys.executable, "-I", "-S", str(bag / "verify.py"), *arguments]
        done = subprocess.run(command, cwd=empty, env={}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "SOUND" in done.stdout
        assert "chain of 3 entries about this case, 1 of others withheld" in done.stdout
    (bag / "data/original/clip 1.mp4").write_bytes(b"another")
    done = subprocess.run(command, cwd=empty, env={}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "FAULT  data/original/clip 1.mp4: altered" in done.stdout
    assert subprocess.run([*command[:4], str(empty)], cwd=empty, capture_output=True).returncode == 2


@pytest.mark.parametrize("part", ["head", "verifier"])
def test_every_flipped_byte_is_found(bag, part):
    """Each byte of each file, once; the verifier, by far the longest file, apart."""
    names = [name for name in files_of(bag)[0] if (name == "verify.py") == (part == "verifier")]
    for name in names:
        path, whole = bag / name, (bag / name).read_bytes()
        with path.open("rb+") as file:
            for at, byte in enumerate(whole):
                _put(file, at, byte ^ (1 << at % 8))
                found = faults(bag)
                assert found, f"{name}, byte {at}"
                _put(file, at, byte)
    assert faults(bag) == []


def _put(file, at: int, byte: int) -> None:
    file.seek(at)
    file.write(bytes([byte]))
    file.flush()


def test_the_case_of_a_hash_counts(bag):
    """A flip of bit 5 turns a into A: the same number to a tool that compares hashes, another byte to us."""
    manifest = bag / "tagmanifest-sha256.txt"
    text = manifest.read_text()
    at = next(index for index, sign in enumerate(text) if sign in "abcdef")
    manifest.write_text(text[:at] + text[at].upper() + text[at + 1 :])
    assert any("bagit" in fault or "altered" in fault for fault in faults(bag))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda bag: (bag / "data/new.txt").write_text("x"), "data/new.txt: manifest-sha256.txt does not name it"),
        (lambda bag: (bag / "data/evidence.json").unlink(), "data/evidence.json: missing"),
        (lambda bag: (bag / "note.txt").write_text("x"), "note.txt: tagmanifest-sha256.txt does not name it"),
        (lambda bag: (bag / "bagit.txt").write_text("BagIt-Version: 0.97\n"), "bagit.txt: missing or altered"),
        (lambda bag: (bag / "manifest-sha512.txt").unlink(), "manifest-sha512.txt: missing"),
        (lambda bag: (bag / "data/link").symlink_to("evidence.json"), "data/link: is neither a file nor a folder"),
        (lambda bag: shutil.rmtree(bag / "data"), "data/: there is nothing in it"),
    ],
)
def test_what_is_wrong_is_named(bag, damage, told):
    damage(bag)
    assert any(fault.startswith(told) for fault in faults(bag))


def reseal(bag: Path, folder: Path) -> Path:
    """What a forger does who changes the inside and writes all manifests anew."""
    data = folder / "again"
    shutil.copytree(bag / "data", data / "data")
    return seal_bag(data, folder / "forged", {"External-Identifier": "abc"}, lambda _: None).path


def test_a_forger_who_writes_all_manifests_anew_is_found_by_the_seal_and_by_what_is_inside(bag, tmp_path):
    seal = verify_bag.hashes_of(bag / "tagmanifest-sha256.txt")[0][0]
    trail = bag / "data/audit/trail.jsonl"
    trail.write_text(trail.read_text().replace('"number": 1', '"number": 7'))
    (bag / "data/original/clip 1.mp4").write_bytes(b"another clip")
    found = faults(reseal(bag, tmp_path), seal)
    assert any("line 2: its hash does not fit" in fault for fault in found)
    assert any(fault.startswith("data/original/clip 1.mp4: data/evidence.json says") for fault in found)
    assert any("not the bag that was sealed" in fault for fault in found)


def test_an_entry_left_out_of_the_trail_is_found(bag, tmp_path):
    trail = bag / "data/audit/trail.jsonl"
    lines = trail.read_text().splitlines(keepends=True)
    trail.write_text("".join([lines[0], *lines[2:]]))
    assert any("does not follow from the line before" in fault for fault in faults(reseal(bag, tmp_path)))


def test_content_that_cannot_be_understood_is_a_fault(bag, tmp_path):
    (bag / "data/evidence.json").write_text("[]")
    assert any("cannot be understood" in fault for fault in faults(reseal(bag, tmp_path)))


def test_a_time_stamp_inside_or_beside_is_of_this_manifest(tmp_path):
    with local_tsa(tmp_path / "tsa") as tsa:
        authority = Authority(tsa.url, tsa.root)
        sealed = small_bag(tmp_path / "one", lambda content: ask(authority, content))
        assert sealed.stamped
        assert faults(sealed.path) == []
        signed = ["openssl", "ts", "-verify", "-in", "stamps/manifest-sha256.tsr", "-data", "manifest-sha256.txt"]
        subprocess.run([*signed, "-CAfile", str(tsa.root)], cwd=sealed.path, check=True, capture_output=True)
        later = small_bag(tmp_path / "two")
        answer = ask(authority, (later.path / "manifest-sha256.txt").read_bytes())
        other = ask(authority, b"something else")
    beside = later.path.with_name("bag.tsr")
    beside.write_bytes(answer)
    check = Check(later.path)
    assert check.run()
    assert any("time stamp of this manifest" in note for note in check.notes)
    beside.write_bytes(other)
    assert any("is no time stamp of this bag" in fault for fault in faults(later.path))


def test_what_cannot_be_written_down_is_refused(tmp_path):
    small_bag(tmp_path)
    with pytest.raises(Conflict):
        small_bag(tmp_path)
    bad = staged(tmp_path / "bad")
    (bad / "data" / "100%.txt").write_text("x")
    with pytest.raises(BadInput, match="rename"):
        seal_bag(bad, tmp_path / "other", {"A": "b"}, lambda _: None)
    (bad / "data" / "100%.txt").unlink()
    with pytest.raises(BadInput, match=r"bag-info\.txt, A"):
        seal_bag(bad, tmp_path / "other", {"A": "b\nPayload-Oxum: 0.0"}, lambda _: None)
    (bad / "loose.txt").write_text("x")
    with pytest.raises(BadInput, match="plain files under data"):
        seal_bag(bad, tmp_path / "other", {"A": "b"}, lambda _: None)
