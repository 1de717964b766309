import { rowsOf, type Shown } from "./frames";
import type { Boxes, Kind, Layers, SpanObjects } from "./types";

const COLOURS: Record<Kind, string> = { dolphin: "#4fe3ff", vessel: "#ffd23f", jet_ski: "#ff9f1c", swimmer: "#ff6bd6" };
const TRAIL_S = 8;

export type Point = readonly [number, number];

/** Draws what belongs to one frame. `scale`: canvas pixels a picture pixel. */
export function draw(
  canvas: CanvasRenderingContext2D, span: SpanObjects, shown: Shown, layers: Layers, scale: number, followed: string | null,
): void {
  canvas.lineJoin = "round";
  canvas.font = `600 ${Math.max(12, 15 * scale * 2)}px system-ui, sans-serif`;
  // A frame that was not analysed carries the boxes of its neighbour, and says so by their dashes.
  canvas.setLineDash(shown.exact ? [] : [6, 5]);
  if (layers.raw) each(span.raw, shown.index, (row) => box(canvas, span.raw, row, scale, "#ffffff", 1, null));
  if (layers.trails) trails(canvas, span, shown, scale);
  each(span.tracks, shown.index, (row) => {
    const note = span.tracks.note[row] ?? "";
    const rejected = note.startsWith("rejected");
    if (rejected ? !layers.rejected : !layers.tracks) return;
    const label = span.tracks.label[row] ?? "";
    const kind = span.tracks.kind[row] ?? "vessel";
    const wide = label === followed ? 4 : 2;
    box(canvas, span.tracks, row, scale, rejected ? "#9aa5a9" : COLOURS[kind], wide, rejected ? `${label} ${note}` : label);
  });
}

/** Where a track is in a frame, picture pixels. */
export function placeOf(boxes: Boxes, frame: number, label: string): Point | null {
  const [first, last] = rowsOf(boxes.frame, frame);
  for (let row = first; row < last; row += 1) {
    if (boxes.label[row] === label) return [boxes.cx_px[row] ?? 0, boxes.cy_px[row] ?? 0];
  }
  return null;
}

function each(boxes: Boxes, frame: number, act: (row: number) => void): void {
  const [first, last] = rowsOf(boxes.frame, frame);
  for (let row = first; row < last; row += 1) act(row);
}

function box(
  canvas: CanvasRenderingContext2D, boxes: Boxes, row: number, scale: number, colour: string, wide: number, label: string | null,
): void {
  const length = (boxes.length_px[row] ?? 0) * scale;
  const width = (boxes.width_px[row] ?? 0) * scale;
  const [x, y] = [(boxes.cx_px[row] ?? 0) * scale, (boxes.cy_px[row] ?? 0) * scale];
  canvas.save();
  canvas.translate(x, y);
  canvas.rotate(((boxes.angle_deg[row] ?? 0) * Math.PI) / 180);
  outlined(canvas, colour, wide, () => canvas.strokeRect(-length / 2, -width / 2, length, width));
  canvas.restore();
  if (label === null) return;
  canvas.lineWidth = 4;
  canvas.strokeStyle = "rgb(0 0 0 / 75%)";
  canvas.setLineDash([]);
  canvas.strokeText(label, x + length / 2 + 4, y - width / 2 - 4);
  canvas.fillStyle = colour;
  canvas.fillText(label, x + length / 2 + 4, y - width / 2 - 4);
}

/** A dark edge under a light line: seen on glint and on black water alike. */
function outlined(canvas: CanvasRenderingContext2D, colour: string, wide: number, stroke: () => void): void {
  canvas.strokeStyle = "rgb(0 0 0 / 60%)";
  canvas.lineWidth = wide + 2;
  stroke();
  canvas.strokeStyle = colour;
  canvas.lineWidth = wide;
  stroke();
}

function trails(canvas: CanvasRenderingContext2D, span: SpanObjects, shown: Shown, scale: number): void {
  const paths = new Map<string, { kind: Kind; points: Point[] }>();
  const boxes = span.tracks;
  for (let row = 0; row < boxes.frame.length; row += 1) {
    const frame = boxes.frame[row] ?? 0;
    const age_s = shown.t_s - (span.t_s[frame] ?? 0);
    if (frame > shown.index) break;
    if (age_s > TRAIL_S || (boxes.note[row] ?? "").startsWith("rejected")) continue;
    const label = boxes.label[row] ?? "";
    const path = paths.get(label) ?? { kind: boxes.kind[row] ?? "vessel", points: [] };
    path.points.push([(boxes.cx_px[row] ?? 0) * scale, (boxes.cy_px[row] ?? 0) * scale]);
    paths.set(label, path);
  }
  for (const { kind, points } of paths.values()) {
    canvas.beginPath();
    points.forEach(([x, y], index) => (index === 0 ? canvas.moveTo(x, y) : canvas.lineTo(x, y)));
    canvas.strokeStyle = COLOURS[kind];
    canvas.lineWidth = 1.5;
    canvas.globalAlpha = 0.7;
    canvas.stroke();
    canvas.globalAlpha = 1;
  }
}
