import { describe, expect, it } from "vitest";
import { between, turn, type Box } from "./between";
import { unpack } from "./frameTimes";
import { besides } from "./moments";
import { horizon, project } from "./seaView";
import type { Pose } from "./types";

describe("besides", () => {
  it.each([
    [[0, 10, 20], 10, [1, 1]],
    [[0, 10, 20], 11, [1, 2]],
    [[0, 10, 20], -1, [-1, 0]],
    [[0, 10, 20], 21, [2, 3]],
    [[], 1, [-1, 0]],
  ])("of %j and %d is %j", (sorted, value, wanted) => expect(besides(sorted, value)).toEqual(wanted));
});

describe("unpack", () => {
  it("reads what the gateway writes", () => {
    const view = new DataView(new ArrayBuffer(48 + 16));
    [..."WBFRAME1"].forEach((sign, index) => view.setUint8(index, sign.charCodeAt(0)));
    [1n, 90_000n, 3n, 7n, 45_000n].forEach((value, index) => view.setBigInt64(8 + 8 * index, value, true));
    view.setBigUint64(48, 1500n, true);
    view.setBigUint64(56, 3000n, true);
    expect(unpack(view.buffer, 0)).toEqual({ first: 7, pts: [45_000, 46_500, 49_500], t_s: [0.5, 46_500 / 90_000, 0.55] });
    view.setUint8(0, 0);
    expect(() => unpack(view.buffer, 0)).toThrow("no list of frames");
  });
});

describe("between", () => {
  const box = (label: string, cx: number, angle: number): Box => ({
    label, kind: "vessel", note: "confirmed", cx, cy: 0, length: 10, width: 4, angle, between: false,
  });
  it("puts a box between its neighbours and draws none that has but one", () => {
    expect(between([box("v1", 0, 80), box("v2", 5, 0)], [box("v1", 10, -80)], 0.25)).toEqual([{ ...box("v1", 2.5, 85), between: true }]);
  });
  it("turns the shorter way", () => {
    expect(turn(80, -80, 180)).toBe(20);
    expect(turn(350, 10, 360)).toBe(20);
    expect(turn(10, 350, 360)).toBe(-20);
  });
});

describe("the sea in the picture", () => {
  const size = { width_px: 1000, height_px: 500 };
  const pose: Pose = { height_m: 100, pitch_deg: -45, roll_deg: 0, yaw_deg: 0, focal_px: 800, east_m: 0, north_m: 0 };
  it("looks at the point its axis hits", () => {
    const [x, y] = project(pose, size, 0, 100) ?? [0, 0];
    expect([x, y]).toEqual([expect.closeTo(500), expect.closeTo(250)]);
    const [right, up] = project(pose, size, 10, 120) ?? [0, 0];
    expect(right).toBeGreaterThan(500);
    expect(up).toBeLessThan(250);
    expect(project(pose, size, 0, -500)).toBeNull();
  });
  it("turns with yaw and rolls its right side down", () => {
    const [x] = project({ ...pose, yaw_deg: 90 }, size, 100, 0) ?? [0];
    expect(x).toBeCloseTo(500);
    // With its right side down, what lay level to the right stands higher in the picture.
    const [, level] = project(pose, size, 20, 100) ?? [0, 0];
    const [, rolled] = project({ ...pose, roll_deg: 10 }, size, 20, 100) ?? [0, 0];
    expect(rolled).toBeLessThan(level);
  });
  it("has the horizon where far water ends", () => {
    const flat = { ...pose, pitch_deg: -5, roll_deg: 3 };
    const [left, right] = horizon(flat, size) ?? [[0, 0], [0, 0]];
    const [x, y] = project(flat, size, 0, 1e7) ?? [0, 0];
    const at = left[1] + ((right[1] - left[1]) * x) / size.width_px;
    // The dip of 100 m is 0.3 degrees: 4 px at this focal length.
    expect(at - y).toBeGreaterThan(2);
    expect(at - y).toBeLessThan(6);
    expect(horizon(pose, size)).toBeNull();
  });
});
