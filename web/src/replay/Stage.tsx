import { useLayoutEffect, useRef, type RefObject } from "react";
import { at } from "../api/client";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import { draw, placeOf, type Point } from "./draw";
import type { Shown } from "./frames";
import type { Layers, Replay, SpanObjects } from "./types";

type Props = {
  replay: Replay;
  video: RefObject<HTMLVideoElement | null>;
  span: SpanObjects | null;
  shown: Shown | null;
  layers: Layers;
  zoom: number;
  followed: string | null;
  picked: readonly Point[];
  onPick: (point: Point) => void;
  onFail: () => void;
};

/** The video with its overlay, both moved and magnified together. */
export function Stage({ replay, video, span, shown, layers, zoom, followed, picked, onPick, onFail }: Props) {
  const say = useWords(replayWords);
  const canvas = useRef<HTMLCanvasElement>(null);
  const centre = useRef<Point>([0.5, 0.5]);
  const place = span !== null && shown !== null && followed !== null ? placeOf(span.tracks, shown.index, followed) : null;
  if (place !== null) centre.current = [place[0] / replay.width_px, place[1] / replay.height_px];
  const [x, y] = followed === null ? [0.5, 0.5] : centre.current;
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext("2d");
    if (element == null || pen == null) return;
    const box = element.getBoundingClientRect();
    // As many pixels as are on the screen, magnification and all: lines stay sharp.
    const wide = Math.min(replay.width_px * 2, Math.round(box.width * devicePixelRatio));
    if (element.width !== wide) {
      element.width = wide;
      element.height = Math.round((wide * replay.height_px) / replay.width_px);
    }
    pen.clearRect(0, 0, element.width, element.height);
    const scale = element.width / replay.width_px;
    element.dataset["pts"] = shown === null ? "" : String(shown.pts);
    element.dataset["exact"] = String(shown?.exact ?? false);
    if (span !== null && shown !== null) draw(pen, span, shown, layers, scale, followed);
    mark(pen, picked, scale);
  });
  const pick = (event: React.MouseEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    onPick([((event.clientX - box.left) / box.width) * replay.width_px, ((event.clientY - box.top) / box.height) * replay.height_px]);
  };
  const shift = (share: number): string => `${(0.5 - Math.min(Math.max(share, 0.5 / zoom), 1 - 0.5 / zoom)) * 100}%`;
  return (
    <div className="stage" style={{
        aspectRatio: `${replay.width_px} / ${replay.height_px}`,
        // By its width alone, so that video and overlay fill it to the same edges.
        width: `min(100%, calc((100dvh - 19rem) * ${replay.width_px / replay.height_px}))`,
      }}>
      <div className="stage-inner" style={{ transform: `scale(${zoom}) translate(${shift(x)}, ${shift(y)})` }}>
        <video ref={video} src={at(replay.video)} muted playsInline preload="auto" onError={onFail} aria-label={say("video")} />
        <canvas ref={canvas} onClick={pick} data-testid="overlay" />
      </div>
    </div>
  );
}

function mark(pen: CanvasRenderingContext2D, picked: readonly Point[], scale: number): void {
  pen.setLineDash([]);
  pen.strokeStyle = "#ff2e63";
  pen.lineWidth = 2;
  const points = picked.map(([x, y]): Point => [x * scale, y * scale]);
  for (const [x, y] of points) {
    pen.beginPath();
    pen.moveTo(x - 9, y);
    pen.lineTo(x + 9, y);
    pen.moveTo(x, y - 9);
    pen.lineTo(x, y + 9);
    pen.stroke();
  }
  const [a, b] = points;
  if (a === undefined || b === undefined) return;
  pen.beginPath();
  pen.moveTo(...a);
  pen.lineTo(...b);
  pen.stroke();
}
