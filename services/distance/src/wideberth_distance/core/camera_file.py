"""Camera files: what a calibration found, as JSON that `wideberth analyse --camera FILE` reads. See docs/formats.md."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import CameraIntrinsics
from wideberth_contracts.wire import Measured, NonNegative, Wire
from wideberth_distance.core.board_calibration import BoardCalibration


class LensModel(Wire):
    """Focal length with radial distortion, and how well it fits: for the record and for other programs.

    Attributes:
        centre_px: principal point, pixel centres at half-integers.
        corner_shift_px: how far the distortion moves the corner of the picture.
    """

    focal_px: Measured
    k1: Measured
    k2: Measured
    centre_px: tuple[float, float]
    residual_px: NonNegative
    corner_shift_px: NonNegative


class CameraFile(Wire):
    """One camera in one video mode.

    Attributes:
        focal_px: of the pinhole that distances are worked out with.
        views: pictures of the board that were used; None for other methods.
        source: how it was measured, in words.
    """

    format: Literal["wideberth-camera-1"] = "wideberth-camera-1"
    model: Annotated[str, Field(min_length=1)]
    mode: str | None = None
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    focal_px: Measured
    method: Literal["checkerboard", "charuco", "length"]
    lens: LensModel | None = None
    views: Annotated[int, Field(gt=0)] | None = None
    source: str

    def intrinsics(self) -> CameraIntrinsics:
        """What the flight context takes."""
        return CameraIntrinsics(
            model=self.model,
            focal_px=self.focal_px,
            width_px=self.width_px,
            height_px=self.height_px,
            mode=self.mode,
            source=self.source,
        )


def read_camera_file(name: str, content: bytes) -> CameraFile:
    """The camera of a file.

    Raises:
        BadInput: naming the file and what is wrong in it.
    """
    try:
        return CameraFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{place}: {first['msg']}" if place else first["msg"],
            where=name,
            remedy="give a file that wideberth calibrate wrote, or a model name of wideberth cameras",
        ) from error


def camera_file_of(
    found: BoardCalibration, model: str, mode: str | None, method: Literal["checkerboard", "charuco"]
) -> CameraFile:
    """The file of a calibration by a board."""
    return CameraFile(
        model=model,
        mode=mode,
        width_px=found.width_px,
        height_px=found.height_px,
        focal_px=found.pinhole_px,
        method=method,
        lens=LensModel(
            focal_px=found.focal_px,
            k1=found.k1,
            k2=found.k2,
            centre_px=found.centre_px,
            residual_px=found.residual_px,
            corner_shift_px=found.corner_shift_px,
        ),
        views=len(found.views),
        source=f"{method}, {len(found.views)} views at {found.distance_m:.1f} m, residual {found.residual_px:.2f} px",
    )
