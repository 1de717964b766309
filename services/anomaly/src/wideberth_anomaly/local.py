"""The verb *screen* in this process."""

import asyncio
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Self

import yaml

from wideberth_anomaly.core.network import OnnxNetwork, OpenVinoNetwork, RuntimeKind
from wideberth_anomaly.core.screen import Model, remember, screen
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.frames import Crop
from wideberth_contracts.screening import Screening, ScreenSettings, SeaMemory
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_media import as_array
from wideberth_servicekit.model_store import models_root, open_model

MODEL_NAME = "anomaly"
NETWORKS: dict[RuntimeKind, type[OnnxNetwork] | type[OpenVinoNetwork]] = {
    RuntimeKind.ONNXRUNTIME: OnnxNetwork,
    RuntimeKind.OPENVINO: OpenVinoNetwork,
}


def package_version() -> str:
    """Version of this distribution."""
    return version("wideberth-anomaly")


class LocalAnomaly:
    """`AnomalyPort` without a network between. Safe to share among tasks."""

    def __init__(self, model: Model, weights: ModelRef) -> None:
        """Take a clutter model that is ready to run, and which weights it has."""
        self._model = model
        self._weights = weights

    @classmethod
    def open(
        cls,
        models: Path | None = None,
        model_version: str | None = None,
        runtime: RuntimeKind = RuntimeKind.OPENVINO,
        threads: int = 0,
    ) -> Self:
        """The shipped weights, checked against their checksums, with the threshold of their card.

        Args:
            models: the folder with `anomaly/<version>/`; None for `WIDEBERTH_MODELS`, or a search from here up.
            model_version: None for the newest.
            runtime: which library runs them.
            threads: 0 for as many as there are cores.

        Raises:
            ModelUnavailable: weights or card are missing or changed.
        """
        stored = open_model(models_root(MODEL_NAME, models), MODEL_NAME, model_version)
        path, card = stored.file(".onnx"), stored.file("card.yaml")
        if path is None or card is None:
            raise ModelUnavailable(
                "model.onnx or card.yaml is not listed", where=str(stored.folder), remedy="fetch the weights again"
            )
        threshold, sure_above = _thresholds(card)
        network = NETWORKS[runtime](path, threads)
        weights = ModelRef(id=stored.id, sha256=stored.sums[path.name], runtime=network.name)
        return cls(Model(network, threshold, sure_above, stored.id), weights)

    @classmethod
    def from_file(
        cls,
        path: Path,
        threshold: float,
        runtime: RuntimeKind = RuntimeKind.OPENVINO,
        threads: int = 0,
        sure_above: float | None = None,
    ) -> Self:
        """A model of the user's own, exported by anomalib to ONNX, with its own thresholds.

        Args:
            path: the file.
            threshold: scores below are clutter.
            runtime: which library runs it.
            threads: 0 for as many as there are cores.
            sure_above: scores from here on are animals, those between unknown; None for the threshold itself.

        Raises:
            ModelUnavailable: the file is missing or cannot be run.
        """
        if not path.is_file():
            raise ModelUnavailable("no such file", where=str(path), remedy="check the path")
        network = NETWORKS[runtime](path, threads)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        model = Model(network, threshold, threshold if sure_above is None else sure_above, path.name)
        return cls(model, ModelRef(id=path.name, sha256=digest, runtime=network.name))

    async def info(self) -> ServiceInfo:
        """See `Described.info`."""
        return ServiceInfo(
            service="anomaly",
            version=package_version(),
            device=self._model.network.name,
            models=(self._weights,),
        )

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        """See `AnomalyPort.screen`."""
        pictures = [(crop.meta, as_array(crop)) for crop in crops]
        return await asyncio.to_thread(screen, track_id, pictures, self._model, settings, sea)

    async def remember(self, crops: tuple[Crop, ...]) -> SeaMemory:
        """See `AnomalyPort.remember`."""
        return await asyncio.to_thread(remember, [as_array(crop) for crop in crops], self._model)


def _thresholds(card: Path) -> tuple[float, float]:
    """`threshold` and `sure_above`; a card without the second knows no doubt."""
    said = yaml.safe_load(card.read_text("utf-8"))
    threshold = said.get("threshold")
    sure_above = said.get("sure_above", threshold)
    if not isinstance(threshold, float) or not isinstance(sure_above, float) or sure_above < threshold:
        raise ModelUnavailable(
            "`threshold` is no number, or `sure_above` is none or lies below it",
            where=str(card),
            remedy="fetch the weights again",
        )
    return threshold, sure_above
