import { describe, expect, it } from "vitest";
import { nearest, rowsOf } from "./frames";

describe("nearest", () => {
  it.each([
    [[], 1, -1],
    [[5], 1, 0],
    [[0, 1, 2, 3], 1.4, 1],
    [[0, 1, 2, 3], 1.6, 2],
    [[0, 1], 0.5, 0],
    [[0, 1, 2], 9, 2],
    [[0, 1, 2], -9, 0],
  ])("of %j to %d is entry %d", (sorted, value, index) => expect(nearest(sorted, value)).toBe(index));

  it("agrees with looking at all", () => {
    let seed = 1;
    const chance = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let turn = 0; turn < 200; turn += 1) {
      const sorted = Array.from({ length: 1 + Math.floor(chance() * 40) }, chance).sort((a, b) => a - b);
      const value = chance() * 1.2 - 0.1;
      const best = Math.min(...sorted.map((one) => Math.abs(one - value)));
      expect(Math.abs((sorted[nearest(sorted, value)] ?? 9) - value)).toBe(best);
    }
  });
});

describe("rowsOf", () => {
  it("finds the rows of a frame", () => {
    expect(rowsOf([0, 0, 2, 2, 2, 5], 2)).toEqual([2, 5]);
    expect(rowsOf([0, 0, 2, 2, 2, 5], 1)).toEqual([2, 2]);
  });
});
