import { describe, expect, it } from "vitest";
import { boxUnder, unpackAside, type AsideBox } from "./aside";

/** Two frames, the first with two detections, in the form of docs/replay.md. */
function packed(): ArrayBuffer {
  const words = new TextEncoder().encode("\ndolphin\nduplicate\n너무 작음");
  const content = new ArrayBuffer(24 + 16 + 12 + 48 + 8 + words.length);
  const view = new DataView(content);
  new TextEncoder().encode("WBASIDE1").forEach((byte, at) => view.setUint8(at, byte));
  [2, 2, words.length, 0].forEach((one, at) => view.setUint32(8 + 4 * at, one, true));
  [4096n, 2n ** 40n].forEach((one, at) => view.setBigInt64(24 + 8 * at, one, true));
  [0, 2, 2].forEach((one, at) => view.setUint32(40 + 4 * at, one, true));
  [10.5, 20, 30, 40, 8, 1000, 4, 3, 0, -45, 0.5, 0.25].forEach((one, at) => view.setFloat32(52 + 4 * at, one, true));
  [1, 0, 2, 3].forEach((one, at) => view.setUint16(100 + 2 * at, one, true));
  new Uint8Array(content).set(words, 108);
  return content;
}

describe("detections set aside", () => {
  it("are read by frame, with class and reason", () => {
    const span = unpackAside(packed());
    expect(span.get(4096)).toEqual([
      { cx: 10.5, cy: 30, length: 8, width: 4, angle: 0, confidence: 0.5, kind: "dolphin", reason: "duplicate" },
      { cx: 20, cy: 40, length: 1000, width: 3, angle: -45, confidence: 0.25, kind: null, reason: "너무 작음" },
    ]);
    expect(span.get(2 ** 40)).toEqual([]);
  });

  it("are refused where the answer is cut short or of another form", () => {
    expect(() => unpackAside(packed().slice(0, -1))).toThrow("no whole list");
    expect(() => unpackAside(new ArrayBuffer(24))).toThrow("no list");
  });

  it("are found under a point, the smallest first, turned boxes by their own sides", () => {
    const box = (cx: number, cy: number, length: number, width: number, angle: number): AsideBox => ({
      cx, cy, length, width, angle, confidence: 0.5, kind: "vessel", reason: "duplicate",
    });
    const none: ReadonlySet<string> = new Set();
    const boxes = [box(100, 100, 80, 80, 0), box(100, 100, 60, 4, 45), box(300, 100, 10, 10, 0)];
    expect(boxUnder(boxes, none, 115, 115, 0)).toBe(1);
    expect(boxUnder(boxes, none, 115, 85, 0)).toBe(0);
    expect(boxUnder(boxes, none, 308, 100, 4)).toBe(2);
    expect(boxUnder(boxes, none, 200, 100, 4)).toBe(-1);
    expect(boxUnder(boxes, new Set(["duplicate"]), 115, 115, 0)).toBe(-1);
  });
});
