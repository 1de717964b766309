import type { Point } from "./draw";

export type Oriented = { readonly cx_px: number; readonly cy_px: number; readonly length_px: number; readonly width_px: number; readonly angle_deg: number };

/** A box from both ends of its middle line and a point on one of its sides; null until all three are there. */
export function boxFrom(points: readonly Point[]): Oriented | null {
  const [a, b, side] = points;
  if (a === undefined || b === undefined || side === undefined) return null;
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const along = Math.hypot(x, y);
  const across = along > 0 ? (2 * Math.abs(x * (side[1] - a[1]) - y * (side[0] - a[0]))) / along : 0;
  if (along < 1 || across < 1) return null;
  const line = (Math.atan2(y, x) * 180) / Math.PI;
  // The angle is that of the long side, in [-90, 90).
  const angle = across > along ? line + 90 : line;
  return {
    cx_px: (a[0] + b[0]) / 2,
    cy_px: (a[1] + b[1]) / 2,
    length_px: Math.max(along, across),
    width_px: Math.min(along, across),
    angle_deg: ((((angle + 90) % 180) + 180) % 180) - 90,
  };
}

/** Its corners, to be drawn. */
export function cornersOf(box: Oriented): Point[] {
  const turned = (box.angle_deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
  return [[1, -1], [1, 1], [-1, 1], [-1, -1]].map(([along = 0, across = 0]): Point => [
    box.cx_px + (along * box.length_px * cos) / 2 - (across * box.width_px * sin) / 2,
    box.cy_px + (along * box.length_px * sin) / 2 + (across * box.width_px * cos) / 2,
  ]);
}
