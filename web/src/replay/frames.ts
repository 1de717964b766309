import type { SpanObjects } from "./types";

/** Less than half a frame at 240 frames a second: nearer than this, a shown frame is the analysed one. */
export const SAME_FRAME_S = 1 / 500;

/** Index of the entry nearest to a value, by halving; -1 where there is none. `sorted` ascends. */
export function nearest(sorted: readonly number[], value: number): number {
  if (sorted.length === 0) return -1;
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  if (before >= 0 && value - (sorted[before] ?? 0) <= (sorted[low] ?? 0) - value) return before;
  return low;
}

export type Shown = {
  readonly index: number;
  readonly pts: number;
  readonly t_s: number;
  /** From the shown frame to this analysed one, s. */
  readonly away_s: number;
  readonly exact: boolean;
};

/** The analysed frame next to what the video shows; null where the span holds none. */
export function shownFrame(span: SpanObjects, media_s: number): Shown | null {
  const index = nearest(span.t_s, media_s);
  const t_s = span.t_s[index];
  const pts = span.pts[index];
  if (t_s === undefined || pts === undefined) return null;
  const away_s = t_s - media_s;
  return { index, pts, t_s, away_s, exact: Math.abs(away_s) <= SAME_FRAME_S };
}

/** First and behind-last row of a frame in columns sorted by frame. */
export function rowsOf(frames: readonly number[], frame: number): [number, number] {
  return [firstAtLeast(frames, frame), firstAtLeast(frames, frame + 1)];
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
