import type { Point } from "./draw";

/** What of the picture is seen: a part of it as large as the picture over the zoom. */
export type View = { readonly zoom: number; readonly left: number; readonly top: number; readonly wide: number; readonly high: number };

type Size = { readonly width_px: number; readonly height_px: number };

/** Around a point as far as the picture reaches; all of it at zoom 1. */
export function viewOf(size: Size, zoom: number, centre: Point | null): View {
  const [wide, high] = [size.width_px / zoom, size.height_px / zoom];
  const [x, y] = centre ?? [size.width_px / 2, size.height_px / 2];
  const kept = (value: number, most: number): number => Math.min(Math.max(0, value), most);
  return { zoom, wide, high, left: kept(x - wide / 2, size.width_px - wide), top: kept(y - high / 2, size.height_px - high) };
}

/** The picture pixel under a point of the stage, told in shares of its width and height. */
export function pixelAt(view: View, across: number, down: number): Point {
  return [view.left + across * view.wide, view.top + down * view.high];
}
