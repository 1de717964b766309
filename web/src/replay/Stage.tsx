import { useCallback, useEffect, useLayoutEffect, useRef, type CSSProperties } from "react";
import { reasonIn } from "../words/reasons";
import { replayWords } from "../words/replay";
import { useLanguage, useWords } from "../words/words";
import { boxUnder, type AsideBox } from "./aside";
import { centreOf, draw, drawAside, type Pen, type Point, type Tell } from "./draw";
import type { Shown } from "./moments";
import { pictureOf } from "./picture";
import { KIND_NAMES, type Layers, type Replay } from "./types";
import type { Aside, Pointed } from "./useAside";
import type { Player } from "./usePlayer";
import { pixelAt, viewOf, type View } from "./view";

/** From this magnification on pixels are shown as squares. */
const SQUARES_FROM = 4;
const MOST_WIDE_PX = 3840;
/** A finger or a pointer this near to a box is on it, in canvas pixels. */
const NEAR_PX = 5;

/** A picture in place of the video's own, for one frame. */
export type Instead = { readonly pts: number; readonly picture: ImageBitmap; readonly mask: ImageBitmap | null };

type Props = {
  replay: Replay;
  source: string;
  player: Player;
  layers: Layers;
  aside: Aside;
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

/** What is written on the picture, in the language of the page. */
type Told = { tell: Tell; named: (one: AsideBox) => string };

/** The picture and what was seen in it, painted together: they cannot be out of step. */
export function Stage(props: Props) {
  const { replay, source, player, onPick, onMove, onFail } = props;
  const say = useWords(replayWords);
  const language = useLanguage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<View>(viewOf(replay, 1, null));
  const tell = (stored: string): string => reasonIn(language, stored);
  const named = ({ reason, kind, confidence }: AsideBox): string =>
    `${tell(reason)} · ${say(kind === null ? "kindOther" : KIND_NAMES[kind])} ${confidence.toFixed(2)}`;
  const latest = useRef({ ...props, tell, named });
  latest.current = { ...props, tell, named };
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
  const asideUnder = (event: React.PointerEvent<HTMLCanvasElement>): Pointed | null => {
    const { aside } = latest.current;
    const shown = player.shown;
    const boxes = aside.boxes(shown);
    if (boxes === null || shown === null) return null;
    const [x, y] = under(event);
    const near = (NEAR_PX * view.current.wide) / event.currentTarget.getBoundingClientRect().width;
    const index = boxUnder(boxes, aside.hidden, x, y, near);
    return index < 0 ? null : { pts: shown.pts, index };
  };
  const down = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    const { left, top, wide, high } = view.current;
    dragged.current = { from: [event.clientX, event.clientY], centre: [left + wide / 2, top + high / 2], moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    const drag = dragged.current;
    if (drag === null && props.aside.on) props.aside.hover(asideUnder(event));
    if (drag === null || view.current.zoom === 1) return;
    const [x, y] = [event.clientX - drag.from[0], event.clientY - drag.from[1]];
    if (!drag.moved && Math.hypot(x, y) < 6) return;
    drag.moved = true;
    const scale = view.current.wide / event.currentTarget.getBoundingClientRect().width;
    onMove([drag.centre[0] - x * scale, drag.centre[1] - y * scale]);
  };
  const up = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    if (dragged.current !== null && !dragged.current.moved) {
      if (props.aside.on) props.aside.pin(asideUnder(event));
      onPick(under(event));
    }
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
      <canvas ref={canvas} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerLeave={() => props.aside.hover(null)} data-testid="overlay" />
    </div>
  );
}

/** Paints one picture with its overlay; the part of it that is seen. */
function painted(element: HTMLCanvasElement, source: CanvasImageSource, shown: Shown | null, props: Props & Told): View {
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
  if (shown !== null) draw(pen, replay, shown, layers, followed, props.tell);
  setAside(pen, shown, props);
  crosses(pen, marks);
  if (sketch.length > 1) outline(pen, sketch);
  element.dataset["pts"] = shown === null ? "" : String(shown.pts);
  element.dataset["exact"] = String(shown?.exact ?? false);
  return view;
}

function setAside(pen: Pen, shown: Shown | null, { aside, named }: Props & Told): void {
  const boxes = aside.boxes(shown);
  if (boxes === null) return;
  const pointed = aside.pointed !== null && aside.pointed.pts === shown?.pts ? aside.pointed.index : null;
  const one = pointed === null ? undefined : boxes[pointed];
  drawAside(pen, boxes, aside.hidden, pointed, one === undefined ? "" : named(one));
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
