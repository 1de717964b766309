import { useCallback, useEffect, useLayoutEffect, useRef, type CSSProperties } from "react";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import { centreOf, draw, type Pen, type Point } from "./draw";
import type { Shown } from "./moments";
import { pictureOf } from "./picture";
import type { Layers, Replay } from "./types";
import type { Player } from "./usePlayer";
import { pixelAt, viewOf, type View } from "./view";

/** From this magnification on pixels are shown as squares. */
const SQUARES_FROM = 4;
const MOST_WIDE_PX = 3840;

/** A picture in place of the video's own, for one frame. */
export type Instead = { readonly pts: number; readonly picture: ImageBitmap; readonly mask: ImageBitmap | null };

type Props = {
  replay: Replay;
  source: string;
  player: Player;
  layers: Layers;
  zoom: number;
  centre: Point | null;
  followed: string | null;
  marks: readonly Point[];
  sketch: readonly Point[];
  instead: Instead | null;
  onPick: (point: Point) => void;
  onMove: (centre: Point) => void;
  onFail: () => void;
};

/** The picture and what was seen in it, painted together: they cannot be out of step. */
export function Stage(props: Props) {
  const { replay, source, player, onPick, onMove, onFail } = props;
  const say = useWords(replayWords);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<View>(viewOf(replay, 1, null));
  const latest = useRef(props);
  latest.current = props;
  const dragged = useRef<{ from: Point; centre: Point; moved: boolean } | null>(null);

  const told_s = useRef(0);
  const paint = useCallback((): void => {
    const [element, video] = [canvas.current, latest.current.player.video.current];
    if (element === null || video === null) return;
    const picture = pictureOf(video, told_s.current);
    if (picture === null) return;
    const shown = latest.current.player.moments.shown(picture.media_s);
    view.current = painted(element, picture.source, shown, latest.current);
    picture.done();
    latest.current.player.drawn(shown, picture.media_s);
  }, []);
  useLayoutEffect(paint);
  useEffect(() => {
    const video = player.video.current;
    if (video === null) return;
    let handle = 0;
    const told: VideoFrameRequestCallback = (_, frame) => {
      told_s.current = frame.mediaTime;
      paint();
      handle = video.requestVideoFrameCallback(told);
    };
    handle = video.requestVideoFrameCallback(told);
    video.addEventListener("seeked", paint);
    const watch = new ResizeObserver(paint);
    if (canvas.current !== null) watch.observe(canvas.current);
    return () => {
      video.cancelVideoFrameCallback(handle);
      video.removeEventListener("seeked", paint);
      watch.disconnect();
    };
  }, [player.video, source, paint]);

  const under = (event: React.PointerEvent<HTMLCanvasElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return pixelAt(view.current, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  const down = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    const { left, top, wide, high } = view.current;
    dragged.current = { from: [event.clientX, event.clientY], centre: [left + wide / 2, top + high / 2], moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    const drag = dragged.current;
    if (drag === null || view.current.zoom === 1) return;
    const [x, y] = [event.clientX - drag.from[0], event.clientY - drag.from[1]];
    if (!drag.moved && Math.hypot(x, y) < 6) return;
    drag.moved = true;
    const scale = view.current.wide / event.currentTarget.getBoundingClientRect().width;
    onMove([drag.centre[0] - x * scale, drag.centre[1] - y * scale]);
  };
  const up = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    if (dragged.current !== null && !dragged.current.moved) onPick(under(event));
    dragged.current = null;
  };
  const style: CSSProperties = {
    aspectRatio: `${replay.width_px} / ${replay.height_px}`,
    // By its width alone, so that video and overlay fill it to the same edges.
    width: `min(100%, calc((100dvh - 19rem) * ${replay.width_px / replay.height_px}))`,
  };
  return (
    <div className="stage" style={style}>
      <video ref={player.video} src={source} muted playsInline preload="auto" onError={onFail} aria-label={say("video")} />
      <canvas ref={canvas} onPointerDown={down} onPointerMove={move} onPointerUp={up} data-testid="overlay" />
    </div>
  );
}

/** Paints one picture with its overlay; the part of it that is seen. */
function painted(element: HTMLCanvasElement, source: CanvasImageSource, shown: Shown | null, props: Props): View {
  const { replay, layers, zoom, followed, marks, sketch, instead } = props;
  const pen2d = element.getContext("2d");
  const place = shown !== null && followed !== null ? centreOf(shown, followed) : null;
  const view = viewOf(replay, zoom, place ?? props.centre);
  if (pen2d === null) return view;
  const wide = Math.min(MOST_WIDE_PX, Math.max(1, Math.round(element.clientWidth * devicePixelRatio)));
  const high = Math.max(1, Math.round((wide * replay.height_px) / replay.width_px));
  if (element.width !== wide || element.height !== high) [element.width, element.height] = [wide, high];
  const scale = wide / view.wide;
  pen2d.setTransform(scale, 0, 0, scale, -view.left * scale, -view.top * scale);
  pen2d.imageSmoothingEnabled = zoom < SQUARES_FROM;
  const other = instead !== null && shown !== null && instead.pts === shown.pts ? instead : null;
  pen2d.drawImage(other?.picture ?? source, 0, 0, replay.width_px, replay.height_px);
  if (other?.mask != null) pen2d.drawImage(other.mask, 0, 0, replay.width_px, replay.height_px);
  const pen: Pen = { canvas: pen2d, unit: (1 / scale) * devicePixelRatio };
  if (shown !== null) draw(pen, replay, shown, layers, followed);
  crosses(pen, marks);
  if (sketch.length > 1) outline(pen, sketch);
  element.dataset["pts"] = shown === null ? "" : String(shown.pts);
  element.dataset["exact"] = String(shown?.exact ?? false);
  return view;
}

function crosses({ canvas, unit }: Pen, marks: readonly Point[]): void {
  canvas.strokeStyle = "#ff2e63";
  canvas.lineWidth = 2 * unit;
  for (const [x, y] of marks) {
    canvas.beginPath();
    canvas.moveTo(x - 9 * unit, y);
    canvas.lineTo(x + 9 * unit, y);
    canvas.moveTo(x, y - 9 * unit);
    canvas.lineTo(x, y + 9 * unit);
    canvas.stroke();
  }
  const [a, b] = marks;
  if (a === undefined || b === undefined) return;
  canvas.beginPath();
  canvas.moveTo(...a);
  canvas.lineTo(...b);
  canvas.stroke();
}

function outline({ canvas, unit }: Pen, points: readonly Point[]): void {
  canvas.beginPath();
  points.forEach((point, index) => (index === 0 ? canvas.moveTo(...point) : canvas.lineTo(...point)));
  canvas.closePath();
  canvas.strokeStyle = "#ff2e63";
  canvas.lineWidth = 2 * unit;
  canvas.stroke();
}
