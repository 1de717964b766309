"""Training with anomalib's engine: clutter is normal, animals are what the student must not learn."""

from pathlib import Path

import cv2
import torch
from anomalib.data import Folder
from anomalib.engine import Engine

from wideberth_training_anomaly.network import ClutterModel, ClutterTraining
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import as_tensor

LEARNING_RATE = 3e-4


def train(
    normals: Image,
    calibration: Image,
    animals: Image,
    teacher: dict[str, torch.Tensor],
    work: Path,
    steps: int,
    seed: int,
) -> ClutterModel:
    """A trained model with the quantiles of its maps set on `calibration`.

    Args:
        normals: clutter to learn, (n, 128, 128, 3) BGR.
        calibration: clutter the maps are scaled on; of other seeds and pictures.
        animals: penalty pictures.
        teacher: from `teacher.make_teacher`.
        work: scratch folder.
        steps: batches of one, as anomalib demands.
        seed: draws.
    """
    torch.manual_seed(seed)
    # A whole epoch at least: anomalib sets the scale of the maps only at the end of one.
    normals = normals[torch.randperm(len(normals))[:steps].numpy()]
    for name, images in (("normal", normals), ("calibration", calibration), ("animal", animals[:8])):
        _write(work / name, images)
    data = Folder(
        name="clutter",
        root=work,
        normal_dir="normal",
        normal_test_dir="calibration",
        abnormal_dir="animal",
        train_batch_size=1,
        eval_batch_size=16,
        num_workers=0,
        val_split_mode="same_as_test",
        seed=seed,
    )
    training = ClutterTraining(teacher, as_tensor(animals), LEARNING_RATE)
    epochs = max(1, round(steps / len(normals)))
    engine = Engine(
        default_root_dir=work / "runs",
        accelerator="cpu",
        max_epochs=epochs,
        # Scaling the maps once, at the end, is what the export needs.
        check_val_every_n_epoch=epochs,
        logger=False,
        enable_progress_bar=False,
    )
    engine.fit(training, datamodule=data)
    model: ClutterModel = training.model.eval()
    return model


def _write(folder: Path, images: Image) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.png"):
        stale.unlink()
    for index, image in enumerate(images):
        cv2.imwrite(str(folder / f"{index:05d}.png"), image)
