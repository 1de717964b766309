"""EfficientAD of anomalib, narrower and for 128 px: the published one takes 256 px and 75 GFLOP a crop.

What differs from `anomalib.models.EfficientAd`: fewer channels in teacher and student; an autoencoder that fits the
smaller picture; the teacher is that of `teacher`, not a download; the pictures on which the student is punished
for imitating the teacher are animals, not ImageNette. Losses, maps, optimiser and schedule are anomalib's.
"""

from collections.abc import Mapping
from typing import Any

import torch
from anomalib.models.image.efficient_ad.lightning_model import EfficientAd
from anomalib.models.image.efficient_ad.torch_model import Decoder, EfficientAdModel, SmallPatchDescriptionNetwork
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from wideberth_training_anomaly.pieces import SIDE_PX
from wideberth_training_anomaly.teacher import FEATURES, Teacher

# Channels of the convolutions; a fifth of the published ones.
WIDTHS = (24, 48, 64)


class NarrowDescriptor(SmallPatchDescriptionNetwork):
    """The four convolutions of EfficientAD-S with fewer channels; sees 33 px, one answer every 4 px."""

    def __init__(self, out_channels: int) -> None:
        super().__init__(out_channels)
        first, second, third = WIDTHS
        self.conv1 = nn.Conv2d(3, first, 4)
        self.conv2 = nn.Conv2d(first, second, 4)
        self.conv3 = nn.Conv2d(second, third, 3)
        self.conv4 = nn.Conv2d(third, out_channels, 4)


class SmallDecoder(Decoder):
    """The decoder less its two finest stages: they blow the picture up to 63 cells only to come back to 24."""

    def forward(
        self, x: torch.Tensor, image_size: tuple[int, int] | torch.Size, last_upsample: Any = None
    ) -> torch.Tensor:
        """(n, 64, 1, 1) to (n, features, 24, 24)."""
        sides = [image_size[0] // 64 - 1, image_size[0] // 32, image_size[0] // 16 - 1, image_size[0] // 8]
        stages = (self.deconv1, self.deconv2, self.deconv3, self.deconv4)
        dropouts = (self.dropout1, self.dropout2, self.dropout3, self.dropout4)
        for side, stage, dropout in zip(sides, stages, dropouts, strict=True):
            x = nn.functional.interpolate(x, size=(side, side), mode="bilinear")
            x = dropout(nn.functional.relu(stage(x)))
        cells = image_size[0] // 4 - 8
        x = nn.functional.interpolate(x, size=(cells, cells), mode="bilinear")
        answer: torch.Tensor = self.deconv8(nn.functional.relu(self.deconv7(x)))
        return answer


class ClutterModel(EfficientAdModel):
    """Teacher, student and autoencoder for crops of 128 px."""

    teacher: Teacher  # type: ignore[assignment]  # anomalib knows two architectures of its own

    def __init__(self) -> None:
        super().__init__(teacher_out_channels=FEATURES)
        self.teacher = Teacher()
        self.student = NarrowDescriptor(2 * FEATURES)
        # Five halvings of 128 px leave 4, where 256 px leave 8.
        self.ae.encoder.enconv6 = nn.Conv2d(64, 64, SIDE_PX // 32)
        self.ae.decoder = SmallDecoder(FEATURES, False)


class ClutterTraining(EfficientAd):
    """Anomalib's training with our model, our teacher and our penalty pictures: nothing is downloaded."""

    def __init__(self, teacher: Mapping[str, torch.Tensor], penalty: torch.Tensor, learning_rate: float) -> None:
        """Prepare.

        Args:
            teacher: weights of a `Teacher`.
            penalty: (n, 3, 128, 128) in 0..1, what the student must not learn.
            learning_rate: of Adam.
        """
        super().__init__(
            lr=learning_rate,
            pre_processor=self.configure_pre_processor((SIDE_PX, SIDE_PX)),
            # Clamps scores to 0..1 and ends up in the exported graph.
            post_processor=False,
            evaluator=False,
            visualizer=False,
        )
        self.model: ClutterModel = ClutterModel()
        self._teacher = dict(teacher)
        self._penalty = penalty

    def prepare_pretrained_model(self) -> None:
        """Take the teacher that was handed in."""
        self.model.teacher.load_state_dict(self._teacher)

    def prepare_imagenette_data(self, image_size: Any) -> None:
        """Take the penalty pictures that were handed in."""
        del image_size
        self.imagenet_loader = DataLoader(TensorDataset(self._penalty), batch_size=1, shuffle=True)
        self.imagenet_iterator = iter(self.imagenet_loader)


class RawMap(nn.Module):
    """What is exported: a crop to its map, 32 x 32 over the whole crop, neither clamped nor made a score.

    Student-teacher and student-autoencoder maps are put on one scale by anomalib's quantiles of clutter, frozen at the
    end of training; the outer eighth of the map is zero, there the network has no answer.
    """

    def __init__(self, model: ClutterModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 3, 128, 128) to (n, 1, 32, 32)."""
        model = self.model
        features = model.teacher_out_channels
        teacher = (model.teacher(images) - model.mean_std["mean"]) / model.mean_std["std"]
        student = model.student(images)
        autoencoder = model.ae(images, (SIDE_PX, SIDE_PX))
        by_teacher = torch.mean((teacher - student[:, :features]) ** 2, dim=1, keepdim=True)
        by_autoencoder = torch.mean((autoencoder - student[:, features:]) ** 2, dim=1, keepdim=True)
        q = model.quantiles
        by_teacher = 0.1 * (by_teacher - q["qa_st"]) / (q["qb_st"] - q["qa_st"])
        by_autoencoder = 0.1 * (by_autoencoder - q["qa_ae"]) / (q["qb_ae"] - q["qa_ae"])
        return nn.functional.pad(0.5 * by_teacher + 0.5 * by_autoencoder, (4, 4, 4, 4))
