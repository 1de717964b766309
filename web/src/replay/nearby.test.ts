import { afterEach, describe, expect, it, vi } from "vitest";
import { tracksIn } from "./between";
import { Moments } from "./moments";
import { KEPT } from "./nearby";
import type { Replay } from "./types";

const FPS = 30;
const SPAN_S = 2;
const TICKS = 90_000;
const STEP = TICKS / FPS;
const ANALYSED_EACH = 6;
const LATE = 45_000;

/** A recording of so many spans that begins half a second late, analysed at five frames a second, with one moving boat. */
function replayOf(spans: number): Replay {
  return {
    analysis_id: "a",
    frames: { count: spans * SPAN_S * FPS, numerator: 1, denominator: TICKS, first_pts: LATE },
    spans: Array.from({ length: spans }, (_, index) => ({ index, start_s: index * SPAN_S, stop_s: (index + 1) * SPAN_S, frames: 10, sensed: true })),
  } as unknown as Replay;
}

function frames(index: number): ArrayBuffer {
  const count = SPAN_S * FPS;
  const view = new DataView(new ArrayBuffer(48 + 8 * (count - 1)));
  [..."WBFRAME1"].forEach((sign, at) => view.setUint8(at, sign.charCodeAt(0)));
  [1, TICKS, count, index * count, LATE + index * count * STEP].forEach((value, at) => view.setBigInt64(8 + 8 * at, BigInt(value), true));
  for (let at = 0; at < count - 1; at += 1) view.setBigUint64(48 + 8 * at, BigInt(STEP), true);
  return view.buffer;
}

function objects(index: number): object {
  const numbers = Array.from({ length: (SPAN_S * FPS) / ANALYSED_EACH }, (_, at) => index * SPAN_S * FPS + at * ANALYSED_EACH);
  const each = <T>(value: (number: number, at: number) => T): T[] => numbers.map(value);
  return {
    index,
    pts: each((number) => LATE + number * STEP),
    t_s: each((number) => number / FPS),
    poses: each(() => null),
    tracks: {
      frame: each((_, at) => at), label: each(() => "v1"), kind: each(() => "vessel"), note: each(() => "confirmed"), confidence: each(() => 1),
      cx_px: each((number) => number), cy_px: each(() => 0), length_px: each(() => 9), width_px: each(() => 3), angle_deg: each(() => 0),
    },
  };
}

function served(): void {
  vi.stubGlobal("fetch", (path: string) => {
    const index = Number(/spans\/(\d+)/.exec(path)?.[1]);
    return Promise.resolve(path.endsWith("/frames") ? new Response(frames(index)) : new Response(JSON.stringify(objects(index))));
  });
}

afterEach(() => vi.unstubAllGlobals());

describe("Moments", () => {
  it("knows every frame and puts boxes between analysed ones, also over the edge of a span", async () => {
    served();
    const moments = new Moments(replayOf(4), () => undefined);
    for (let number = 0; number < 4 * SPAN_S * FPS - ANALYSED_EACH; number += 1) {
      const media_s = (LATE + number * STEP) / TICKS + 2e-7;
      let shown = moments.shown(media_s);
      for (let turn = 0; turn < 20 && (shown?.after ?? null) === null; turn += 1) {
        await new Promise((good) => setTimeout(good, 1));
        shown = moments.shown(media_s);
      }
      expect(shown).toMatchObject({ number, pts: LATE + number * STEP, exact: number % ANALYSED_EACH === 0 });
      const [boat] = shown === null ? [] : tracksIn(shown);
      expect(boat?.cx).toBeCloseTo(number);
      expect(boat?.between).toBe(number % ANALYSED_EACH !== 0);
    }
  });

  it("holds as little of a long recording as of a short one", async () => {
    served();
    const moments = new Moments(replayOf(400), () => undefined);
    for (let place = 0; place < 400; place += 1) {
      moments.shown(place * SPAN_S + 1 + LATE / TICKS);
      await new Promise((good) => setTimeout(good, 0));
    }
    await new Promise((good) => setTimeout(good, 5));
    expect(moments.held).toBeLessThanOrEqual(2 * (KEPT + 1));
  });
});
