"""Weights are the ones that were shipped, or an error says which file is not."""

import hashlib
from pathlib import Path

import pytest

from wideberth_contracts.errors import ModelUnavailable
from wideberth_servicekit.model_store import models_root, open_model


def ship(root: Path, version: str, **files: bytes) -> Path:
    folder = root / "detector" / version
    folder.mkdir(parents=True)
    lines = []
    for stem, content in files.items():
        name = stem.replace("_", ".")
        (folder / name).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def test_the_newest_version_is_taken_and_its_card_read(tmp_path):
    for version in ("0.9.0", "0.10.0"):
        ship(tmp_path, version, model_onnx=version.encode(), card_yaml=b"threshold: 1")
    model = open_model(tmp_path, "detector")
    assert model.id == "detector/0.10.0"
    assert model.file("card.yaml") == tmp_path / "detector/0.10.0/card.yaml"
    assert model.file(".xml", ".onnx") == tmp_path / "detector/0.10.0/model.onnx"
    assert model.file(".pt") is None
    assert open_model(tmp_path, "detector", "0.9.0").id == "detector/0.9.0"


def test_one_changed_byte_is_noticed(tmp_path):
    folder = ship(tmp_path, "1", model_onnx=b"weights")
    (folder / "model.onnx").write_bytes(b"weightz")
    with pytest.raises(ModelUnavailable, match="SHA-256") as caught:
        open_model(tmp_path, "detector")
    assert caught.value.where == str(folder / "model.onnx")
    assert caught.value.remedy


def test_a_missing_file_is_named(tmp_path):
    folder = ship(tmp_path, "1", model_onnx=b"weights")
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelUnavailable, match="missing") as caught:
        open_model(tmp_path, "detector")
    assert caught.value.where == str(folder / "model.onnx")


def test_checksums_may_not_point_elsewhere(tmp_path):
    folder = ship(tmp_path, "1", model_onnx=b"weights")
    (folder / "SHA256SUMS").write_text("0" * 64 + "  ../../secret\n")
    with pytest.raises(ModelUnavailable, match="cannot read the line"):
        open_model(tmp_path, "detector")


@pytest.mark.parametrize("version", [None, "7"])
def test_nothing_there_says_what_to_do(tmp_path, version):
    (tmp_path / "detector").mkdir()
    with pytest.raises(ModelUnavailable) as caught:
        open_model(tmp_path, "detector", version)
    assert caught.value.remedy


def test_a_folder_without_the_model_is_refused(tmp_path):
    with pytest.raises(ModelUnavailable, match="no such folder"):
        models_root("detector", tmp_path)


def test_the_environment_may_name_the_folder(tmp_path, monkeypatch):
    ship(tmp_path, "1", model_onnx=b"weights")
    monkeypatch.setenv("WIDEBERTH_MODELS", str(tmp_path))
    assert models_root("detector") == tmp_path
