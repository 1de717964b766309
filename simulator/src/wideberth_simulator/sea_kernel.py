"""The inner loop: one pixel of sea, sky and glint. Formulas and their sources stand in `shading.py`."""
# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, C901

from __future__ import annotations

import math

import numba
import numpy as np

# Slots of the parameter vector.
(
    P_FOCAL, P_CX, P_CY, P_EAST, P_NORTH, P_HEIGHT, P_CURVATURE,
    P_SUN_E, P_SUN_N, P_SUN_U, P_SUN_ON, P_GLINT_GAIN, P_SLOPE_TOTAL, P_HAZE_PER_M,
    P_FACET_DX, P_FACET_DY, P_FACET_PREV_DX, P_FACET_PREV_DY, P_FACET_RHO,
    P_CLOUD, P_CLOUD_DX, P_CLOUD_DY, P_PATCH, P_PATCH_SIZE_M, P_AUREOLE, P_CREST, P_SKY_DARK, P_BED,
    P_LOBE, P_WOBBLE, P_WOBBLE_MAX, P_CAUSTIC, P_BED_SIZE_M, P_CLOUD_SHADOW, P_STREAK, P_RELIEF_E, P_RELIEF_N,
    P_SKY_HAZE, P_SKY_HAZE_LIFTS,
    P_COUNT,
) = range(40)  # fmt: skip


@numba.njit(cache=True, fastmath=True, inline="always")
def _tile(tile, x, y):
    """Bilinear sample of a periodic square tile at texel coordinates."""
    n = tile.shape[0]
    fx = math.floor(x)
    fy = math.floor(y)
    ax = x - fx
    ay = y - fy
    i0 = int(fx) & (n - 1)
    j0 = int(fy) & (n - 1)
    i1 = (i0 + 1) & (n - 1)
    j1 = (j0 + 1) & (n - 1)
    return (tile[j0, i0] * (1 - ax) + tile[j0, i1] * ax) * (1 - ay) + (tile[j1, i0] * (1 - ax) + tile[j1, i1] * ax) * ay


@numba.njit(cache=True, fastmath=True, inline="always")
def _level(pyramid, start, n, u, v):
    """Bilinear sample of both slopes of one mip level; u, v in tiles."""
    x = u * n - 0.5
    y = v * n - 0.5
    fx = math.floor(x)
    fy = math.floor(y)
    ax = x - fx
    ay = y - fy
    i0 = int(fx) & (n - 1)
    j0 = int(fy) & (n - 1)
    i1 = (i0 + 1) & (n - 1)
    j1 = (j0 + 1) & (n - 1)
    a = start + j0 * n + i0
    b = start + j0 * n + i1
    c = start + j1 * n + i0
    d = start + j1 * n + i1
    wa = (1 - ax) * (1 - ay)
    wb = ax * (1 - ay)
    wc = (1 - ax) * ay
    wd = ax * ay
    sx = pyramid[a, 0] * wa + pyramid[b, 0] * wb + pyramid[c, 0] * wc + pyramid[d, 0] * wd
    sy = pyramid[a, 1] * wa + pyramid[b, 1] * wb + pyramid[c, 1] * wc + pyramid[d, 1] * wd
    return sx, sy


@numba.njit(cache=True, fastmath=True, inline="always")
def _grid(pyramid, offsets, variance, side, turn_cos, turn_sin, east, north, lod):
    """Slopes of one grid and the slope variance they still hold; the grid lies turned on the sea.

    One mip level a pixel: the caller dithers `lod`, which hides the steps between levels at half the cost.
    """
    if lod >= 7.0:
        return 0.0, 0.0, 0.0
    low = int(max(lod, 0.0))
    u = (east * turn_cos + north * turn_sin) / side
    v = (north * turn_cos - east * turn_sin) / side
    ax, ay = _level(pyramid, offsets[low], 512 >> low, u, v)
    return ax, ay, variance[low]


@numba.njit(cache=True, fastmath=True, inline="always")
def _sky_terms(p, e, n, u):
    """Share of the horizon's colour, the sun's aureole and the bright part of the sky towards (e, n, u)."""
    rim = math.exp(-4.0 * max(u, 0.0))
    near = max(e * p[P_SUN_E] + n * p[P_SUN_N] + u * p[P_SUN_U], 0.0)
    near *= near
    near *= near
    lobe = 1.0 + p[P_LOBE] * near
    near *= near
    n2 = near * near
    n4 = n2 * n2
    return rim, p[P_AUREOLE] * (0.25 * near + 0.9 * n4 * n4), lobe


@numba.njit(cache=True, fastmath=True, inline="always")
def _ray(rot, dx, dy):
    """Unit ray in east, north, up, and its horizontal part."""
    re = rot[0, 0] * dx + rot[1, 0] * dy + rot[2, 0]
    rn = rot[0, 1] * dx + rot[1, 1] * dy + rot[2, 1]
    ru = rot[0, 2] * dx + rot[1, 2] * dy + rot[2, 2]
    inv = 1.0 / math.sqrt(re * re + rn * rn + ru * ru)
    re *= inv
    rn *= inv
    ru *= inv
    return re, rn, ru, math.sqrt(re * re + rn * rn)


@numba.njit(cache=True, fastmath=True, inline="always")
def _range(ru, flat, height, curve):
    """Ground range under a ray, or -1 at and above the horizon."""
    t = -ru / max(flat, 1e-9)
    root = t * t - 2.0 * height * curve
    if t <= 0.0 or root < 0.0:
        return -1.0
    return 2.0 * height / (t + math.sqrt(root))


BLOCK = 8
"""Pixels of a row between exact rays; what changes slowly is interpolated between them."""
SMOOTH = 0.04
"""Largest relative change of range across a block that is interpolated (error of a place below 0.04 % of range)."""


@numba.njit(cache=True, fastmath=True, parallel=True)
def shade(
    x0, y0, clean, glint, p, rot, g0, g1, g2, offsets, variance, sides, turns,
    facet_x, facet_y, foam_tile, cloud_tile, water, zenith, horizon, sun_colour, haze_colour, foam_colour, bed_colour,
    over, under, foam, shade_layer, busy, made,
):  # fmt: skip
    """Fill `clean` (h, w, 3) linear B, G, R and `glint` (h, w) for the window whose corner is x0, y0."""
    rows = clean.shape[0]
    cols = clean.shape[1]
    focal = p[P_FOCAL]
    height = p[P_HEIGHT]
    curve = p[P_CURVATURE]
    t0c, t0s = math.cos(turns[0]), math.sin(turns[0])
    t1c, t1s = math.cos(turns[1]), math.sin(turns[1])
    t2c, t2s = math.cos(turns[2]), math.sin(turns[2])
    rho = p[P_FACET_RHO]
    fresh = math.sqrt(1 - rho * rho)
    n_facet = facet_x.shape[0] - 1
    l0, l1, l2 = math.log2(512.0 / sides[0]), math.log2(512.0 / sides[1]), math.log2(512.0 / sides[2])
    for row in numba.prange(rows):
        iy = row + y0
        dy = (iy + 0.5 - p[P_CY]) / focal
        gust = patch = shaded = 0.0
        through = 1.0
        log_texel = 0.0
        texel = across = 1.0
        smooth = False
        e_a = n_a = e_b = n_b = 0.0
        re_a = rn_a = re_b = rn_b = 0.0
        vz_a = vz_b = 1.0
        ce = cn = 0.0
        for col in range(cols):
            ix = col + x0
            step = col % BLOCK
            if step == 0:
                re_a, rn_a, ru_a, flat_a = _ray(rot, (ix + 0.5 - p[P_CX]) / focal, dy)
                re_b, rn_b, ru_b, flat_b = _ray(rot, (ix + 0.5 + BLOCK - p[P_CX]) / focal, dy)
                d_a = _range(ru_a, flat_a, height, curve)
                d_b = _range(ru_b, flat_b, height, curve)
                smooth = d_a > 0.0 and d_b > 0.0 and abs(d_a - d_b) < SMOOTH * d_a + 0.001 * height
                if smooth:
                    ce = re_a / max(flat_a, 1e-9)
                    cn = rn_a / max(flat_a, 1e-9)
                    e_a = p[P_EAST] + d_a * ce
                    n_a = p[P_NORTH] + d_a * cn
                    e_b = p[P_EAST] + d_b * re_b / max(flat_b, 1e-9)
                    n_b = p[P_NORTH] + d_b * rn_b / max(flat_b, 1e-9)
                    s_a = math.sqrt(d_a * d_a + height * height)
                    s_b = math.sqrt(d_b * d_b + height * height)
                    vz_a = max(height / s_a - d_a * curve * 0.5, 0.0008)
                    vz_b = max(height / s_b - d_b * curve * 0.5, 0.0008)
                    slant = 0.5 * (s_a + s_b)
            re = re_a + (re_b - re_a) * step * (1.0 / BLOCK)
            rn = rn_a + (rn_b - rn_a) * step * (1.0 / BLOCK)
            touched = busy[iy >> 4, ix >> 4]
            oa = over[iy, ix, 3] if touched else np.float32(0.0)
            if smooth:
                part = step * (1.0 / BLOCK)
                east = e_a + (e_b - e_a) * part
                north = n_a + (n_b - n_a) * part
                vz = vz_a + (vz_b - vz_a) * part
            else:
                re, rn, ru, flat = _ray(rot, (ix + 0.5 - p[P_CX]) / focal, dy)
                dist = _range(ru, flat, height, curve)
                if dist < 0.0:
                    glint[row, col] = 0.0
                    cloud = 0.0
                    if p[P_CLOUD] > 0.0:
                        s = 24.0 / (max(ru, 0.0) + 0.06)
                        cloud = p[P_CLOUD] * max(0.0, _tile(cloud_tile, re * s + p[P_CLOUD_DX], rn * s + p[P_CLOUD_DY]))
                        cloud = min(cloud, 1.0)
                    rim, glow, lobe = _sky_terms(p, re, rn, ru)
                    hz = math.exp(-max(ru, 0.0) * p[P_SKY_HAZE_LIFTS]) * p[P_SKY_HAZE]
                    for c in range(3):
                        sky = (zenith[c] + (horizon[c] - zenith[c]) * rim) * lobe + glow * sun_colour[c]
                        sky = sky * (1 - cloud) + cloud * 1.05 * horizon[c]
                        sky = sky * (1 - hz) + hz * haze_colour[c]
                        clean[row, col, c] = sky * (1 - oa) + over[iy, ix, c]
                    continue
                slant = math.sqrt(dist * dist + height * height)
                ce = re / max(flat, 1e-9)
                cn = rn / max(flat, 1e-9)
                east = p[P_EAST] + dist * ce
                north = p[P_NORTH] + dist * cn
                vz = max(height / slant - dist * curve * 0.5, 0.0008)
            # View vector, from the sea to the camera, in the local frame of that sea point.
            ve = -re
            vn = -rn
            # Slow fields are looked up once in a block.
            if step == 0 or not smooth:
                across = slant / focal
                texel = across * math.sqrt(1.0 / max(vz, 0.03))
                log_texel = math.log2(texel) + 0.5
                gust = _tile(cloud_tile, east * 0.11 + 31.0, north * 0.11 + 7.0)
                patch = p[P_PATCH] * _tile(cloud_tile, east / p[P_PATCH_SIZE_M] * 8.0, north / p[P_PATCH_SIZE_M] * 8.0)
                through = math.exp(-p[P_HAZE_PER_M] * slant)
                if p[P_STREAK] > 0.0:
                    along = (east * t0c + north * t0s) / p[P_PATCH_SIZE_M]
                    aside = (north * t0c - east * t0s) / p[P_PATCH_SIZE_M]
                    patch += p[P_STREAK] * _tile(cloud_tile, along * 14.0 + 3.0 * patch, aside * 47.0 + 60.0)
                shaded = 0.0
                if p[P_CLOUD_SHADOW] > 0.0:
                    s = _tile(cloud_tile, east * 0.055 + 17.0, north * 0.055 + 51.0)
                    shaded = p[P_CLOUD_SHADOW] * max(0.0, min(1.0, 2.5 * s + 0.3))
            # Facets smaller than the pixel: white noise in the picture.
            fx = (ix + int(p[P_FACET_DX])) & n_facet
            fy = (iy + int(p[P_FACET_DY])) & n_facet
            nx = fresh * facet_x[fy, fx]
            ny = fresh * facet_y[fy, fx]
            if rho > 0.02:
                qx = (ix + int(p[P_FACET_PREV_DX])) & n_facet
                qy = (iy + int(p[P_FACET_PREV_DY])) & n_facet
                nx += rho * facet_x[qy, qx]
                ny += rho * facet_y[qy, qx]
            bed = 0.0
            if p[P_BED] > 0.0:
                s = 20.0 / p[P_BED_SIZE_M]
                b = _tile(cloud_tile, east * s + 11.0, north * s + 90.0)
                b += 0.5 * _tile(cloud_tile, east * s * 5.3 + 31.0, north * s * 5.3 + 9.0)
                ragged = 0.35 * _tile(cloud_tile, north * s * 31.0 + 5.0, east * s * 31.0)
                bed = p[P_BED] * max(0.0, min(1.0, (b + ragged - 0.55) * 4.0)) * (1.0 + 0.5 * ragged)
            lod = log_texel + 0.25 * max(-1.5, min(1.5, ny))
            ax, ay, va = _grid(g0, offsets, variance[0], sides[0], t0c, t0s, east, north, lod + l0)
            bx, by, vb = _grid(g1, offsets, variance[1], sides[1], t1c, t1s, east, north, lod + l1)
            cx_, cy_, vc = _grid(g2, offsets, variance[2], sides[2], t2c, t2s, east, north, lod + l2)
            # Wind is never even: ripples come and go in patches of tens of metres.
            ripple = 1.0 + 0.35 * max(-1.0, min(1.0, gust))
            sx = ax + bx + cx_ * ripple
            sy = ay + by + cy_ * ripple
            if made.shape[0] > 1:
                sx += made[iy, ix, 0]
                sy += made[iy, ix, 1]
            hidden = max(p[P_SLOPE_TOTAL] * ripple - va - vb - vc, 0.0012)
            spread = math.sqrt(0.5 * hidden)
            grain = 1.0 / (1.0 + 2.0 * texel)
            # Seen grazing, the wave faces turned away are hidden: lean the mean facet towards the eye.
            lean = spread * 0.35 * (1 - vz) * (1 - vz)
            mx = sx + 0.33 * spread * nx * grain + lean * ce * -1.0
            my = sy + 0.33 * spread * ny * grain + lean * cn * -1.0
            norm = math.sqrt(1.0 + mx * mx + my * my)
            cos_i = (vz - mx * ve - my * vn) / norm
            # A rough far surface shows a mean facet, never a mirror at grazing angle.
            cos_i = (
                math.sqrt(max(cos_i, 0.0) ** 2 + 0.5 * hidden * (1 - vz))
                if cos_i > 0.02
                else math.sqrt(0.0004 + 0.5 * hidden)
            )
            cos_i = min(cos_i, 1.0)
            m = 1.0 - cos_i
            m2 = m * m
            fresnel = 0.02 + 0.98 * m2 * m2 * m
            rx = 2.0 * cos_i * (-mx) / norm - ve
            ry = 2.0 * cos_i * (-my) / norm - vn
            rz = 2.0 * cos_i / norm - vz
            rz = max(rz, 0.04)
            cloud = 0.0
            if p[P_CLOUD] > 0.0:
                s = 24.0 / (rz + 0.06)
                cloud = p[P_CLOUD] * max(0.0, _tile(cloud_tile, rx * s + p[P_CLOUD_DX], ry * s + p[P_CLOUD_DY]))
                cloud = min(cloud, 1.0)
            shadow = shade_layer[iy, ix] if touched else np.float32(0.0)
            lit = 1.0 - 0.45 * shadow * p[P_SUN_ON] - 0.5 * shaded
            # Crests lean to the light: slopes facing the sun glow, their backs are dull.
            crest = 1.0 + p[P_CREST] * max(
                -0.5, min(0.5, -(sx * p[P_SUN_E] + sy * p[P_SUN_N]) * 1.6 - (sx * ve + sy * vn) * 0.8)
            )
            ux = ix
            uy = iy
            if touched:
                # What is seen through the water wobbles with the surface.
                wob = p[P_WOBBLE] / max(across, 1e-4)
                most = p[P_WOBBLE_MAX]
                ux += math.floor(max(-most, min(most, sx * wob)) + 0.5)
                uy -= math.floor(max(-most, min(most, sy * wob)) + 0.5)
                ux = min(max(ux, 0), under.shape[1] - 1)
                uy = min(max(uy, 0), under.shape[0] - 1)
            cover = foam[iy, ix]
            if cover > 0.95:
                # However thick, foam keeps its holes.
                cover = 0.95 + 0.15 * min(cover - 0.95, 1.0)
            white = 0.0
            if cover > 0.01:
                far = min(1.0, texel * 4.0)
                lace = (
                    _tile(foam_tile, east * 34.0, north * 34.0) * 0.6 + _tile(foam_tile, north * 9.7, -east * 9.7) * 0.4
                )
                if texel < 0.03:
                    # Close up the lace has threads of its own.
                    near = 1.0 - texel / 0.03
                    fine = _tile(foam_tile, east * 118.0 + 60.0 * sx, north * 118.0 + 60.0 * sy)
                    finest = _tile(foam_tile, -north * 311.0, east * 311.0)
                    lace = lace * (1 - 0.55 * near) + near * (0.35 * fine + 0.20 * finest)
                lace = lace * (1 - far) + 0.5 * far
                white = min(0.92, max(0.0, (cover * 1.05 - lace) * 2.4) + 0.18 * min(cover, 1.0)) * min(
                    1.0, cover * 2.5
                )
            rim, glow, lobe = _sky_terms(p, rx, ry, rz)
            relief = 1.0
            if p[P_RELIEF_E] != 0.0 or p[P_RELIEF_N] != 0.0:
                tilt = p[P_RELIEF_E] * mx + p[P_RELIEF_N] * my
                # Faces turned from the bright part of the sky fall off faster than the others rise.
                relief = math.exp(max(-1.6, min(0.8, tilt if tilt > 0.0 else 1.5 * tilt)))
            if p[P_CAUSTIC] > 0.0 and texel < 0.25:
                # Light gathered by the waves: a moving net of bright lines on what is shallow.
                net = min(
                    _tile(foam_tile, east * 13.0 + 9.0 * sx, north * 13.0),
                    _tile(foam_tile, north * 21.0, east * 21.0 + 9.0 * sy),
                )
                lit *= 1.0 + p[P_CAUSTIC] * (1.0 - 4.0 * texel) * (max(0.0, 1.0 - 5.0 * net) * 1.3 - 0.2)
            for c in range(3):
                w = water[c] * (1.0 + patch) * (1 - bed) + bed * bed_colour[c]
                # Fine bubbles under and round the foam make the water milky.
                milk = min(cover, 0.6) * 0.35
                w = w * (1 - milk) + milk * (0.25 * foam_colour[c] + 1.1 * water[c])
                w = w * crest * lit
                if touched:
                    w = w * (1 - min(under[uy, ux, c + 3], 1.0)) + under[uy, ux, c]
                sky = (zenith[c] + (horizon[c] - zenith[c]) * rim) * lobe + glow * sun_colour[c]
                sky = sky * (1 - cloud) + cloud * 1.05 * horizon[c]
                value = (w * (1 - fresnel) + fresnel * sky * (1 - p[P_SKY_DARK] * shadow)) * relief
                value = value * (1 - white) + white * foam_colour[c] * (0.8 + 0.4 * crest - 0.3 * shadow)
                value = value * through + haze_colour[c] * (1 - through)
                if touched:
                    value = value * (1 - oa) + over[iy, ix, c]
                clean[row, col, c] = value
            glint[row, col] = 0.0
            if p[P_SUN_ON] > 0.0:
                he = ve + p[P_SUN_E]
                hn = vn + p[P_SUN_N]
                hz = vz + p[P_SUN_U]
                if hz > 0.02:
                    # Slope that would mirror the sun into the eye, against the slope that is there.
                    keep = 1.0 / (1.0 + 4.0 * texel)
                    lobe2 = 0.00055 + (1 - keep) * hidden * 0.5
                    gx = -he / hz - (sx + spread * math.sqrt(keep) * nx)
                    gy = -hn / hz - (sy + spread * math.sqrt(keep) * ny)
                    d2 = (gx * gx + gy * gy) / (2.0 * lobe2)
                    if d2 < 12.0:
                        hl = 1.0 / math.sqrt(he * he + hn * hn + hz * hz)
                        cos_w = (ve * he + vn * hn + vz * hz) * hl
                        mm = 1.0 - cos_w
                        fr = 0.02 + 0.98 * mm * mm * mm * mm * mm
                        tilt = hz * hl
                        power = p[P_GLINT_GAIN] * fr / 0.02 * 0.00055 / lobe2 / (tilt**4) / max(vz, 0.12)
                        glint[row, col] = (
                            power * math.exp(-d2) * (1 - oa) * (1 - white) * (1 - shadow) * (1 - shaded) * through
                        )
