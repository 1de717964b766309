import { rowsOf } from "./frames";
import type { Analysed, Shown } from "./moments";
import type { Boxes, Kind, Pose } from "./types";

/** An oriented box, picture pixels and degrees. */
export type Outline = { readonly cx: number; readonly cy: number; readonly length: number; readonly width: number; readonly angle: number };

/** A box as it is drawn; `between`: put between those of the analysed frames on either side. */
export type Box = Outline & {
  readonly label: string;
  readonly kind: Kind;
  readonly note: string;
  readonly between: boolean;
};

/** The boxes of one analysed frame. */
export function boxesOf(boxes: Boxes, frame: number): Box[] {
  const [first, last] = rowsOf(boxes.frame, frame);
  const found: Box[] = [];
  for (let row = first; row < last; row += 1) {
    found.push({
      label: boxes.label[row] ?? "",
      kind: boxes.kind[row] ?? "vessel",
      note: boxes.note[row] ?? "",
      cx: boxes.cx_px[row] ?? 0,
      cy: boxes.cy_px[row] ?? 0,
      length: boxes.length_px[row] ?? 0,
      width: boxes.width_px[row] ?? 0,
      angle: boxes.angle_deg[row] ?? 0,
      between: false,
    });
  }
  return found;
}

/** Boxes of the tracks that are in both frames, `share` of the way from the one to the other; of the others nothing. */
export function between(before: readonly Box[], after: readonly Box[], share: number): Box[] {
  return before.flatMap((one) => {
    const other = after.find((box) => box.label === one.label);
    if (other === undefined) return [];
    const mixed = (a: number, b: number): number => a + (b - a) * share;
    return [
      {
        ...one,
        cx: mixed(one.cx, other.cx),
        cy: mixed(one.cy, other.cy),
        length: mixed(one.length, other.length),
        width: mixed(one.width, other.width),
        angle: one.angle + turn(one.angle, other.angle, 180) * share,
        between: true,
      },
    ];
  });
}

/** Tracks in the frame on the screen: its own where it was analysed, else between its neighbours. */
export function tracksIn(shown: Shown): Box[] {
  const { before, after } = shown;
  if (shown.exact && before !== null) return boxesOf(before.span.tracks, before.index);
  if (before === null || after === null) return [];
  return between(boxesOf(before.span.tracks, before.index), boxesOf(after.span.tracks, after.index), shareOf(shown, before, after));
}

/** The pose at the frame on the screen; null where a neighbour has none. */
export function poseIn(shown: Shown): Pose | null {
  const { before, after } = shown;
  const one = before?.span.poses[before.index] ?? null;
  if (shown.exact || one === null || before === null) return shown.exact ? one : null;
  const other = after?.span.poses[after.index] ?? null;
  if (other === null || after === null) return null;
  const share = shareOf(shown, before, after);
  const mixed = (name: Exclude<keyof Pose, "yaw_deg">): number => one[name] + (other[name] - one[name]) * share;
  return {
    height_m: mixed("height_m"),
    pitch_deg: mixed("pitch_deg"),
    roll_deg: mixed("roll_deg"),
    yaw_deg: one.yaw_deg + turn(one.yaw_deg, other.yaw_deg, 360) * share,
    focal_px: mixed("focal_px"),
    east_m: mixed("east_m"),
    north_m: mixed("north_m"),
  };
}

/** How far between its analysed neighbours a frame lies, 0 to 1. */
export function shareOf(shown: Shown, before: Analysed, after: Analysed): number {
  const gap_s = after.t_s - before.t_s;
  return gap_s > 0 ? (shown.t_s - before.t_s) / gap_s : 0;
}

/** The shorter way from one angle to another, degrees, where `whole` degrees are a full turn. */
export function turn(from: number, to: number, whole: number): number {
  return ((((to - from + whole / 2) % whole) + whole) % whole) - whole / 2;
}
