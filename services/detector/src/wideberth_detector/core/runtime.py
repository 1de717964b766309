"""One way to run a network, whatever library runs it, and how its answer reads."""

import ast
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import ModelUnavailable

# Names that models trained elsewhere give to what Wideberth looks for. Their other classes are set aside and counted.
KINDS_BY_NAME: Mapping[str, ObjectKind] = MappingProxyType(
    {
        **{kind.value: kind for kind in ObjectKind},
        **dict.fromkeys(("porpoise", "whale", "cetacean"), ObjectKind.DOLPHIN),
        **dict.fromkeys(("boat", "ship"), ObjectKind.VESSEL),
        **dict.fromkeys(("jetski", "jet ski", "jet-ski"), ObjectKind.JET_SKI),
        **dict.fromkeys(("person", "human", "surfer"), ObjectKind.SWIMMER),
    }
)


class RuntimeKind(StrEnum):
    """Which library runs the network."""

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"
    ULTRALYTICS = "ultralytics"


@dataclass(frozen=True, slots=True)
class Head:
    """How the answer of a network reads.

    Attributes:
        kinds: what each class is, in the head's order; None where Wideberth has no word for it.
        oriented: whether an angle follows the scores.
        fixed_px: (height, width) of the input where it is fixed, else None.
    """

    kinds: tuple[ObjectKind | None, ...]
    oriented: bool
    fixed_px: tuple[int, int] | None


class Runtime(Protocol):
    """A network that is ready to run."""

    @property
    def name(self) -> str:
        """The library and the device in use."""
        ...

    @property
    def head(self) -> Head:
        """How to read the answer."""
        ...

    @property
    def at_once(self) -> int:
        """How many passes may run side by side, each on one core."""
        ...

    def forward(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The raw head, (rows, anchors), for one input of (height, width, 3), BGR, C-contiguous. Safe in threads."""
        ...


def cores(threads: int) -> int:
    """The number of cores to use: as asked, or for 0 all of this process."""
    return threads or os.cpu_count() or 1


def planes(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """An input as networks take it that do not take pixels: (1, 3, height, width), RGB, 0..1."""
    turned = np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1))
    return np.multiply(turned, np.float32(1 / 255), dtype=np.float32)[None]


def head_of(path: Path, names: tuple[str, ...], rows: int | None, sides: tuple[int | None, int | None]) -> Head:
    """How a network's answer reads, from its class names and the shapes it declares.

    Args:
        path: for the error.
        names: the classes, in the head's order.
        rows: rows of the head; None where the network does not say, which is taken as oriented.
        sides: height and width of the input; None where free.

    Raises:
        ModelUnavailable: rows and class names do not fit.
    """
    extra = 1 if rows is None else rows - 4 - len(names)
    if extra not in (0, 1):
        raise ModelUnavailable(
            f"its head has {rows} rows, which is neither 4 nor 5 more than its {len(names)} classes",
            where=str(path),
            remedy="export a YOLO detect or OBB model without end-to-end suppression",
        )
    height, width = sides
    fixed = (height, width) if height and width else None
    return Head(tuple(KINDS_BY_NAME.get(name.strip().lower()) for name in names), bool(extra), fixed)


def names_in(metadata: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """The class names an Ultralytics export carries under `names`, in order.

    Raises:
        ModelUnavailable: there are none.
    """
    try:
        names = metadata["names"]
        names = ast.literal_eval(names) if isinstance(names, str) else names
        return tuple(str(names[index]) for index in sorted(names))
    except (KeyError, ValueError, SyntaxError, TypeError) as error:
        raise ModelUnavailable(
            "it does not say which classes it knows", where=str(path), remedy="list `classes` in the model's card.yaml"
        ) from error


def cannot_load(path: Path, error: Exception) -> ModelUnavailable:
    """The error for a file a library refuses."""
    reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
    return ModelUnavailable(f"cannot be loaded: {reason}", where=str(path), remedy="fetch or export the weights again")
