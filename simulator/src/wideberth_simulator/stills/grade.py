"""What a camera and its editors do to a picture after the sensor: colour, contrast, edges, noise, coding."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Uint8Image = npt.NDArray[np.uint8]
Float32Array = npt.NDArray[np.float32]


def _soft(image: Float32Array, sigma_px: float) -> Float32Array:
    """Return a Gaussian blur; wide ones are worked out on a small copy."""
    if sigma_px < 4:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.float32)
    f = 3.0 / sigma_px
    small = cv2.resize(image, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px * f)
    return np.asarray(cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _colour(image: Float32Array, rng: np.random.Generator) -> Float32Array:
    """Return another white balance, saturation, contrast; now and then a strong cast as of edited frames."""
    strong = rng.random() < 0.28
    image = image * np.exp(rng.normal(0, 0.16 if strong else 0.05, 3)).astype(np.float32)
    if strong:
        image = image + rng.uniform(-8, 30, 3).astype(np.float32) * np.float32(rng.random())
    grey = image.mean(axis=2, keepdims=True)
    image = grey + (image - grey) * np.float32(np.clip(np.exp(rng.normal(0.08, 0.3)), 0.1, 2.2))
    if rng.random() < 0.5:
        middle = np.float32(image.mean())
        image = middle + (image - middle) * np.float32(rng.uniform(0.65, 1.7)) + np.float32(rng.uniform(-12, 12))
    return image


def _no_purple(image: Float32Array) -> Float32Array:
    """Return the picture with its green raised where the whole has less of it than of red and of blue: no sea has."""
    blue, green, red = np.median(image[::8, ::8].reshape(-1, 3), axis=0)
    image[..., 1] += np.float32(max(0.0, min(blue, red) - green))
    return image


def _local(image: Float32Array, rng: np.random.Generator) -> Float32Array:
    """Return edges and local contrast as cameras and editors raise them, or skin smoothed as phones do."""
    if rng.random() < 0.18:
        image = image + (image - _soft(image, rng.uniform(8, 40))) * np.float32(rng.uniform(0.3, 1.6))
    if rng.random() < 0.35:
        image = image + (image - _soft(image, rng.uniform(0.8, 2.5))) * np.float32(rng.uniform(0.3, 2.2))
    if rng.random() < 0.2:
        eight = np.clip(image, 0, 255).astype(np.uint8)
        image = cv2.medianBlur(eight, 3 if rng.random() < 0.7 else 5).astype(np.float32)
    if rng.random() < 0.25:
        h, w = image.shape[:2]
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        far = ((x - rng.uniform(-0.5, 1.5) * w) / w) ** 2 + ((y - rng.uniform(-0.5, 1.5) * h) / h) ** 2
        image = image * (1 - np.float32(rng.uniform(0.05, 0.3)) * far[..., None])
    return image


def _noisy(image: Float32Array, rng: np.random.Generator) -> Float32Array:
    """Return blotchy colour noise and coarse grain, as small sensors and high gain give."""
    h, w = image.shape[:2]
    if rng.random() < 0.3:
        f = float(rng.choice([1, 2, 3, 4]))
        size = (int(h / f) + 1, int(w / f) + 1, 3)
        grain = rng.standard_normal(size, dtype=np.float32) * np.float32(rng.uniform(1, 7))
        image = image + cv2.resize(grain, (w, h), interpolation=cv2.INTER_LINEAR)
    return image


def _resampled(image: Uint8Image, rng: np.random.Generator) -> Uint8Image:
    h, w = image.shape[:2]
    f = float(rng.uniform(0.35, 0.95))
    small = cv2.resize(image, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
    how = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, (w, h), interpolation=how), np.uint8)


def _coded(image: Uint8Image, rng: np.random.Generator) -> Uint8Image:
    for _ in range(1 + int(rng.random() < 0.2)):
        quality = int(rng.integers(30, 97))
        ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if ok:
            image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return image


def _barred(image: Uint8Image, rng: np.random.Generator) -> Uint8Image:
    """Return the picture with a flat bar at an edge: letterbox, overlay, frame border."""
    h, w = image.shape[:2]
    out = image.copy()
    thick = int(rng.uniform(0.01, 0.07) * h)
    tone = 0 if rng.random() < 0.8 else 255
    side = int(rng.integers(4))
    if side < 2:
        out[(slice(0, thick), slice(h - thick, h))[side]] = tone
    else:
        out[:, (slice(0, thick), slice(w - thick, w))[side - 2]] = tone
    return out


def graded(image: Uint8Image, rng: np.random.Generator) -> Uint8Image:
    """Return the picture as it comes to a detector: edited, noisy, resampled, coded."""
    light = image.astype(np.float32)
    if rng.random() < 0.75:
        light = _colour(light, rng)
    light = _no_purple(light)
    light = _noisy(_local(light, rng), rng)
    out = np.clip(light, 0, 255).astype(np.uint8)
    if rng.random() < 0.28:
        out = _resampled(out, rng)
    if rng.random() < 0.02:
        out = _barred(out, rng)
    return _coded(out, rng) if rng.random() < 0.75 else out
