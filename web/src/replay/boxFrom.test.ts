import { describe, expect, it } from "vitest";
import { boxFrom, cornersOf } from "./boxFrom";

describe("boxFrom", () => {
  it("waits for three points and refuses a line", () => {
    expect(boxFrom([[0, 0], [10, 0]])).toBeNull();
    expect(boxFrom([[0, 0], [10, 0], [5, 0]])).toBeNull();
  });
  it.each([
    [[[0, 0], [10, 0], [5, 2]], { cx_px: 5, cy_px: 0, length_px: 10, width_px: 4, angle_deg: 0 }],
    [[[0, 0], [0, 10], [3, 5]], { cx_px: 0, cy_px: 5, length_px: 10, width_px: 6, angle_deg: -90 }],
    [[[0, 0], [4, 0], [2, 5]], { cx_px: 2, cy_px: 0, length_px: 10, width_px: 4, angle_deg: -90 }],
    [[[0, 0], [-10, -10], [-5, -5 + Math.SQRT2]], { cx_px: -5, cy_px: -5, length_px: Math.SQRT2 * 10, width_px: 2, angle_deg: 45 }],
  ] as const)("of %j", (points, wanted) => {
    const found = boxFrom(points);
    for (const [name, value] of Object.entries(wanted)) expect(found?.[name as keyof typeof wanted]).toBeCloseTo(value);
  });
  it("has its corners around its centre", () => {
    expect(cornersOf({ cx_px: 1, cy_px: 2, length_px: 4, width_px: 2, angle_deg: 0 })).toEqual([[3, 1], [3, 3], [-1, 3], [-1, 1]]);
  });
});
