import { getJson } from "../api/client";
import { fetchAside, type AsideBox, type AsideSpan } from "./aside";
import { nearest } from "./frames";
import { fetchFrames, type FrameWindow } from "./frameTimes";
import { Nearby } from "./nearby";
import type { Replay, SpanObjects } from "./types";

/** An analysed frame. */
export type Analysed = { readonly span: SpanObjects; readonly index: number; readonly t_s: number; readonly pts: number };

/** The frame on the screen, and the analysed frames on either side of it; both are the frame itself where it was analysed. */
export type Shown = {
  /** In the video, from 0; null where the times of the frames are not known. */
  readonly number: number | null;
  readonly pts: number;
  readonly t_s: number;
  readonly exact: boolean;
  readonly before: Analysed | null;
  readonly after: Analysed | null;
};

/** What is known of each moment of a clip. */
export class Moments {
  private readonly spans: Nearby<SpanObjects>;
  private readonly windows: Nearby<FrameWindow>;
  private readonly asides: Nearby<AsideSpan>;

  constructor(
    readonly replay: Replay,
    changed: () => void,
  ) {
    this.spans = new Nearby((index) => getJson(`/v1/analyses/${replay.analysis_id}/replay/spans/${index}`), changed);
    this.windows = new Nearby((index) => fetchFrames(replay, index), changed);
    this.asides = new Nearby((index) => fetchAside(replay, index), changed);
  }

  /** How many pieces are held; a test watches that it stays small. */
  get held(): number {
    return this.spans.size + this.windows.size + this.asides.size;
  }

  /** Time of the clip's first frame in the container: players count from the container's zero. */
  get offset_s(): number {
    const frames = this.replay.frames;
    if (frames !== null) return (frames.first_pts * frames.numerator) / frames.denominator;
    return this.spans.peek(0)?.media_offset_s ?? 0;
  }

  /** Of media time; null until it is known. */
  shown(media_s: number): Shown | null {
    const t_s = media_s - this.offset_s;
    const place = this.placeOf(t_s);
    if (place === null) return null;
    const span = this.spanAt(place);
    this.spanAt(place + 1);
    if (this.replay.frames === null) return span === null ? null : nearestAnalysed(span, t_s);
    const found = this.frameAt(place, t_s);
    if (found === null) return null;
    const neighbours = this.neighbours(place, found.pts);
    return { ...found, ...neighbours };
  }

  /** What was set aside in the frame on the screen; null where it was not analysed, or is not here yet. */
  aside(shown: Shown): readonly AsideBox[] | null {
    if (!shown.exact || shown.before === null) return null;
    return this.asides.at(shown.before.span.index)?.get(shown.before.pts) ?? null;
  }

  /** Times of the frames beside that number. */
  timeOf(number: number, near_s: number): number | null {
    const place = this.placeOf(near_s);
    if (place === null) return null;
    for (const window of [place, place - 1, place + 1].map((one) => this.windowAt(one))) {
      const t_s = window?.t_s[number - window.first];
      if (t_s !== undefined) return t_s;
    }
    return null;
  }

  /** The spans around a moment that are here, in order. */
  around(t_s: number): SpanObjects[] {
    const place = this.placeOf(t_s) ?? 0;
    return [place - 1, place, place + 1].flatMap((one) => this.spans.peek(one) ?? []);
  }

  private placeOf(t_s: number): number | null {
    const spans = this.replay.spans;
    const found = spans.findIndex((one) => t_s >= one.start_s && t_s < one.stop_s);
    if (found >= 0) return found;
    return spans.length === 0 ? null : t_s < 0 ? 0 : spans.length - 1;
  }

  private spanAt(place: number): SpanObjects | null {
    const span = this.replay.spans[place];
    return span === undefined || !span.sensed ? null : this.spans.at(span.index);
  }

  private windowAt(place: number): FrameWindow | null {
    const span = this.replay.spans[place];
    return span === undefined ? null : this.windows.at(span.index);
  }

  private frameAt(place: number, t_s: number): { number: number; pts: number; t_s: number } | null {
    const here = this.windowAt(place);
    this.windowAt(place + 1);
    if (here === null) return null;
    let best: { number: number; pts: number; t_s: number } | null = null;
    // The frame nearest to a moment at the edge of a span may lie in the next one.
    for (const window of [this.peekWindow(place - 1), here, this.peekWindow(place + 1)]) {
      const index = window === null ? -1 : nearest(window.t_s, t_s);
      if (window === null || index < 0) continue;
      const one = { number: window.first + index, pts: window.pts[index] ?? 0, t_s: window.t_s[index] ?? 0 };
      if (best === null || Math.abs(one.t_s - t_s) < Math.abs(best.t_s - t_s)) best = one;
    }
    return best;
  }

  private peekWindow(place: number): FrameWindow | null {
    const span = this.replay.spans[place];
    return span === undefined ? null : this.windows.peek(span.index);
  }

  private neighbours(place: number, pts: number): { exact: boolean; before: Analysed | null; after: Analysed | null } {
    let before: Analysed | null = null;
    let after: Analysed | null = null;
    for (const one of [place - 1, place, place + 1]) {
      const index = this.replay.spans[one]?.index;
      const span = index === undefined ? null : this.spans.peek(index);
      if (span === null) continue;
      const [low, high] = besides(span.pts, pts);
      if (low >= 0) before = analysed(span, low);
      if (high < span.pts.length && after === null) after = analysed(span, high);
    }
    if (before === null) this.spanAt(place - 1);
    return { exact: before !== null && before.pts === pts, before, after };
  }
}

/** Index of the last entry at or below a value, and of the first at or above it. `sorted` ascends. */
export function besides(sorted: readonly number[], value: number): [number, number] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return [sorted[low] === value ? low : low - 1, low];
}

function analysed(span: SpanObjects, index: number): Analysed {
  return { span, index, t_s: span.t_s[index] ?? 0, pts: span.pts[index] ?? 0 };
}

/** Without the times of all frames the nearest analysed one stands for what is shown. */
function nearestAnalysed(span: SpanObjects, t_s: number): Shown | null {
  const index = nearest(span.t_s, t_s);
  if (index < 0) return null;
  const one = analysed(span, index);
  return { number: null, pts: one.pts, t_s: one.t_s, exact: true, before: one, after: one };
}
