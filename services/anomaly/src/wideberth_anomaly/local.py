"""The verb *screen* in this process."""

import asyncio
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Self

import yaml

from wideberth_anomaly.core.network import Network, OnnxNetwork, OpenVinoNetwork, RuntimeKind
from wideberth_anomaly.core.screen import screen
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.frames import Crop
from wideberth_contracts.screening import Screening, ScreenSettings
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

    def __init__(self, network: Network, threshold: float, model: ModelRef) -> None:
        """Take a clutter model that is ready to run, the score below which crops look like clutter, and its name."""
        self._network = network
        self._threshold = threshold
        self._model = model

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
        threshold = yaml.safe_load(card.read_text("utf-8")).get("threshold")
        if not isinstance(threshold, float):
            raise ModelUnavailable("it has no number `threshold`", where=str(card), remedy="fetch the weights again")
        network = NETWORKS[runtime](path, threads)
        return cls(network, threshold, ModelRef(id=stored.id, sha256=stored.sums[path.name], runtime=network.name))

    @classmethod
    def from_file(
        cls, path: Path, threshold: float, runtime: RuntimeKind = RuntimeKind.OPENVINO, threads: int = 0
    ) -> Self:
        """A model of the user's own, exported by anomalib to ONNX, with its own threshold.

        Raises:
            ModelUnavailable: the file is missing or cannot be run.
        """
        if not path.is_file():
            raise ModelUnavailable("no such file", where=str(path), remedy="check the path")
        network = NETWORKS[runtime](path, threads)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return cls(network, threshold, ModelRef(id=path.name, sha256=digest, runtime=network.name))

    async def info(self) -> ServiceInfo:
        """See `Described.info`."""
        return ServiceInfo(
            service="anomaly",
            version=package_version(),
            device=self._network.name,
            models=(self._model,),
        )

    async def screen(self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings) -> Screening:
        """See `AnomalyPort.screen`."""
        return await asyncio.to_thread(
            lambda: screen(
                track_id,
                [(crop.meta, as_array(crop)) for crop in crops],
                self._network,
                self._threshold,
                settings,
                self._model.id,
            )
        )
