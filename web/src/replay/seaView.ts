import type { Point } from "./draw";
import type { Pose } from "./types";

const EARTH_M = 6_371_000;
/** Air bends the line of sight: the Earth seems 1/(1 - 0.13) as large (standard refraction). */
const REFRACTION = 0.13;
const RAD = Math.PI / 180;

type Size = { readonly width_px: number; readonly height_px: number };

/** Where a point of the sea is in the picture; null behind the camera. Axes as in docs/house.md; the sea is flat. */
export function project(pose: Pose, size: Size, east_m: number, north_m: number): Point | null {
  const [yaw, pitch, roll] = [pose.yaw_deg * RAD, pose.pitch_deg * RAD, pose.roll_deg * RAD];
  const [e, n, u] = [east_m - pose.east_m, north_m - pose.north_m, -pose.height_m];
  const ahead = e * Math.sin(yaw) * Math.cos(pitch) + n * Math.cos(yaw) * Math.cos(pitch) + u * Math.sin(pitch);
  const right = e * Math.cos(yaw) - n * Math.sin(yaw);
  const down = e * Math.sin(pitch) * Math.sin(yaw) + n * Math.sin(pitch) * Math.cos(yaw) - u * Math.cos(pitch);
  if (ahead <= 1e-6) return null;
  const x = right * Math.cos(roll) + down * Math.sin(roll);
  const y = down * Math.cos(roll) - right * Math.sin(roll);
  return [size.width_px / 2 + (pose.focal_px * x) / ahead, size.height_px / 2 + (pose.focal_px * y) / ahead];
}

/** The sea's horizon by the pose, from edge to edge of the picture; null where it is not in it. */
export function horizon(pose: Pose, size: Size): [Point, Point] | null {
  const dip = Math.sqrt((2 * Math.max(0, pose.height_m) * (1 - REFRACTION)) / EARTH_M);
  const level = Math.tan(pose.pitch_deg * RAD + dip) * pose.focal_px;
  const roll = pose.roll_deg * RAD;
  if (Math.abs(Math.cos(roll)) < 0.05 || pose.pitch_deg < -80) return null;
  const at = (x: number): Point => [x, size.height_px / 2 + (level - (x - size.width_px / 2) * Math.sin(roll)) / Math.cos(roll)];
  const [left, right] = [at(0), at(size.width_px)];
  const outside = (one: Point): boolean => one[1] < 0 || one[1] > size.height_px;
  return outside(left) && outside(right) && Math.sign(left[1]) === Math.sign(right[1]) ? null : [left, right];
}

/** A ring on the sea as it lies in the picture; pieces behind the camera are left out. */
export function ring(pose: Pose, size: Size, east_m: number, north_m: number, radius_m: number): (Point | null)[] {
  return Array.from({ length: 73 }, (_, index) => {
    const angle = (index * 5 * Math.PI) / 180;
    return project(pose, size, east_m + radius_m * Math.sin(angle), north_m + radius_m * Math.cos(angle));
  });
}
