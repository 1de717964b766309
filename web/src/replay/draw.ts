import type { AsideBox } from "./aside";
import { boxesOf, poseIn, tracksIn, type Box, type Outline } from "./between";
import type { Shown } from "./moments";
import { placesIn } from "./places";
import { horizon, project, ring } from "./seaView";
import type { Kind, Layers, Replay } from "./types";

export const COLOURS: Readonly<Record<Kind, string>> = { dolphin: "#4fe3ff", vessel: "#ffd23f", jet_ski: "#ff9f1c", swimmer: "#ff6bd6" };
const ASIDE = "#c3ccd0";
const TRAIL_S = 8;
export const RINGS_M = [50, 300] as const;

export type Point = readonly [number, number];

/** What is drawn on, in picture pixels; `unit`: picture pixels a canvas pixel. */
export type Pen = { readonly canvas: CanvasRenderingContext2D; readonly unit: number };

/** The colour of each reason for which detections are set aside before tracking, as analyses write it. */
export const REASON_COLOURS: Readonly<Record<string, string>> = {
  duplicate: "#b9a6ff",
  "looked at more closely": "#8fd0a5",
  "judged in a smaller picture": "#8fd0a5",
  "too small": "#ffb37a",
  "impossible shape": "#ff8fa3",
  on_refilled_glint: "#fff1a8",
};
const OTHER_REASON = "#e3e9ec";

export function reasonColour(reason: string): string {
  return REASON_COLOURS[reason] ?? OTHER_REASON;
}

/** Words of the page for what analyses write: notes and reasons. */
export type Tell = (stored: string) => string;

/** Draws what belongs to one frame. */
export function draw(pen: Pen, replay: Replay, shown: Shown, layers: Layers, followed: string | null, tell: Tell): void {
  const { canvas, unit } = pen;
  canvas.lineJoin = "round";
  canvas.font = `600 ${15 * unit}px system-ui, sans-serif`;
  if (layers.horizon || layers.rings || layers.errors) sea(pen, replay, shown, layers);
  if (layers.raw && shown.exact && shown.before !== null) raw(pen, boxesOf(shown.before.span.raw, shown.before.index), layers, tell);
  const tracks = tracksIn(shown);
  if (layers.trails) trails(pen, shown, tracks);
  for (const one of tracks) {
    const rejected = one.note.startsWith("rejected");
    if (rejected ? !layers.rejected : !layers.tracks) continue;
    // Put between two analysed frames: thin and dashed, and said so below the picture.
    canvas.setLineDash(one.between ? [5 * unit, 4 * unit] : []);
    const wide = one.between ? 1 : one.label === followed ? 4 : 2;
    box(pen, one, rejected ? ASIDE : COLOURS[one.kind], wide, rejected ? `${one.label} ${tell(one.note)}` : one.label);
  }
  canvas.setLineDash([]);
}

/** Centre of a track in the frame on the screen, picture pixels. */
export function centreOf(shown: Shown, label: string): Point | null {
  const one = tracksIn(shown).find((track) => track.label === label);
  return one === undefined ? null : [one.cx, one.cy];
}

/** What was set aside, dotted in the colour of its reason; the one pointed at whole, with its words. */
export function drawAside(pen: Pen, boxes: readonly AsideBox[], hidden: ReadonlySet<string>, pointed: number | null, label: string): void {
  const { canvas, unit } = pen;
  canvas.font = `600 ${15 * unit}px system-ui, sans-serif`;
  boxes.forEach((one, index) => {
    if (hidden.has(one.reason) || index === pointed) return;
    canvas.setLineDash([2 * unit, 2 * unit]);
    box(pen, one, reasonColour(one.reason), 1, null);
  });
  canvas.setLineDash([]);
  const looked = pointed === null ? undefined : boxes[pointed];
  if (looked !== undefined) box(pen, looked, reasonColour(looked.reason), 3, label);
}

function raw(pen: Pen, boxes: readonly Box[], layers: Layers, tell: Tell): void {
  for (const one of boxes) {
    pen.canvas.setLineDash(one.note === "" ? [] : [3 * pen.unit, 3 * pen.unit]);
    box(pen, one, one.note === "" ? "#ffffff" : ASIDE, 1, one.note === "" || !layers.rejected ? null : tell(one.note));
  }
}

function sea(pen: Pen, replay: Replay, shown: Shown, layers: Layers): void {
  const pose = poseIn(shown);
  if (pose === null) return;
  const { canvas, unit } = pen;
  const line = layers.horizon ? horizon(pose, replay) : null;
  if (line !== null) {
    canvas.setLineDash([14 * unit, 8 * unit]);
    path(pen, line, "#ff5d73", 2);
  }
  canvas.setLineDash([]);
  for (const place of placesIn(shown)) {
    if (place.rejected) continue;
    if (layers.rings && place.kind === "dolphin") {
      for (const radius_m of RINGS_M) path(pen, ring(pose, replay, place.east_m, place.north_m, radius_m), "rgb(255 93 115 / 70%)", 1.5);
    }
    if (layers.errors) {
      canvas.setLineDash([2 * unit, 3 * unit]);
      path(pen, place.error.map(([east_m, north_m]) => project(pose, replay, east_m, north_m)), COLOURS[place.kind], 1.5);
      canvas.setLineDash([]);
    }
  }
}

function path(pen: Pen, points: readonly (Point | null)[], colour: string, wide: number): void {
  const { canvas, unit } = pen;
  canvas.beginPath();
  let drawing = false;
  for (const point of points) {
    if (point !== null && drawing) canvas.lineTo(...point);
    else if (point !== null) canvas.moveTo(...point);
    drawing = point !== null;
  }
  canvas.strokeStyle = colour;
  canvas.lineWidth = wide * unit;
  canvas.stroke();
}

function box(pen: Pen, one: Outline, colour: string, wide: number, label: string | null): void {
  const { canvas, unit } = pen;
  canvas.save();
  canvas.translate(one.cx, one.cy);
  canvas.rotate((one.angle * Math.PI) / 180);
  // A dark edge under a light line: seen on glint and on black water alike.
  canvas.strokeStyle = "rgb(0 0 0 / 60%)";
  canvas.lineWidth = (wide + 2) * unit;
  canvas.strokeRect(-one.length / 2, -one.width / 2, one.length, one.width);
  canvas.strokeStyle = colour;
  canvas.lineWidth = wide * unit;
  canvas.strokeRect(-one.length / 2, -one.width / 2, one.length, one.width);
  canvas.restore();
  if (label === null) return;
  const [x, y] = [one.cx + one.length / 2 + 4 * unit, one.cy - one.width / 2 - 4 * unit];
  canvas.setLineDash([]);
  canvas.lineWidth = 4 * unit;
  canvas.strokeStyle = "rgb(0 0 0 / 75%)";
  canvas.strokeText(label, x, y);
  canvas.fillStyle = colour;
  canvas.fillText(label, x, y);
}

function trails(pen: Pen, shown: Shown, tracks: readonly Box[]): void {
  const last = shown.before;
  if (last === null) return;
  const boxes = last.span.tracks;
  const paths = new Map<string, { kind: Kind; points: Point[] }>();
  for (let row = 0; row < boxes.frame.length; row += 1) {
    const frame = boxes.frame[row] ?? 0;
    if (frame > last.index) break;
    if (shown.t_s - (last.span.t_s[frame] ?? 0) > TRAIL_S || (boxes.note[row] ?? "").startsWith("rejected")) continue;
    const label = boxes.label[row] ?? "";
    const found = paths.get(label) ?? { kind: boxes.kind[row] ?? "vessel", points: [] };
    found.points.push([boxes.cx_px[row] ?? 0, boxes.cy_px[row] ?? 0]);
    paths.set(label, found);
  }
  pen.canvas.globalAlpha = 0.7;
  for (const [label, { kind, points }] of paths) {
    const now = tracks.find((one) => one.label === label);
    path(pen, now === undefined ? points : [...points, [now.cx, now.cy]], COLOURS[kind], 1.5);
  }
  pen.canvas.globalAlpha = 1;
}
