import { useRef, useState } from "react";
import { flightWords } from "../words/flights";
import { useWords } from "../words/words";
import { clock, colourOf, levelOf, LEVELS, type Moment, type Span } from "./look";

const HEIGHT = 40;

type Props = {
  moments: readonly Moment[];
  length_s: number;
  chosen: readonly Span[];
  at_s: number;
  onAt: (t_s: number) => void;
  onChoose: (span: Span) => void;
};

/** The time of the flight, coloured by how sharply 50 m could be measured; a stretch is chosen by drawing over it. */
export function Strip({ moments, length_s, chosen, at_s, onAt, onChoose }: Props) {
  const say = useWords(flightWords);
  const place = useRef<SVGSVGElement>(null);
  const [drawn, setDrawn] = useState<Span | null>(null);
  const from = useRef<number | null>(null);
  const timeOf = (x_px: number): number => {
    const box = place.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return Math.min(length_s, Math.max(0, ((x_px - box.left) / box.width) * length_s));
  };
  const between = (one: number, other: number): Span => ({ start_s: Math.min(one, other), stop_s: Math.max(one, other) });
  return (
    <div className="strip">
      <svg
        ref={place}
        viewBox={`0 0 ${Math.max(length_s, 1e-3)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say("strip")}
        data-testid="strip"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = timeOf(event.clientX);
          onAt(from.current);
        }}
        onPointerMove={(event) => {
          if (from.current !== null) setDrawn(between(from.current, timeOf(event.clientX)));
        }}
        onPointerUp={() => {
          // A touch of a hair is a look at a moment, no choice of a stretch.
          if (drawn !== null && drawn.stop_s - drawn.start_s > length_s / 200) onChoose(drawn);
          from.current = null;
          setDrawn(null);
        }}
        onPointerCancel={() => {
          from.current = null;
          setDrawn(null);
        }}
      >
        {moments.map((one) => (
          <rect key={one.start_s} x={one.start_s} width={Math.max(0, one.stop_s - one.start_s)} height={HEIGHT} fill={colourOf(levelOf(one.sigma_m))} />
        ))}
        {[...chosen, ...(drawn === null ? [] : [drawn])].map((one, index) => (
          <rect key={index} className="chosen" x={one.start_s} width={one.stop_s - one.start_s} y={0} height={HEIGHT} />
        ))}
        {[...chosen, ...(drawn === null ? [] : [drawn])].map((one, index) => (
          <rect key={index} className="chosen-bar" x={one.start_s} width={one.stop_s - one.start_s} y={HEIGHT - 8} height={8} />
        ))}
        <line className="now" x1={at_s} x2={at_s} y1={0} y2={HEIGHT} />
      </svg>
      <input
        type="range" min={0} max={length_s} step={Math.max(0.1, length_s / 500)} value={at_s}
        aria-label={say("moment")} onChange={(event) => onAt(Number(event.target.value))}
      />
      <p className="ends quiet" aria-hidden="true">
        <span>{clock(0)}</span>
        <span>{clock(length_s / 2)}</span>
        <span>{clock(length_s)}</span>
      </p>
    </div>
  );
}

/** What the colours are, in metres. */
export function Legend() {
  const say = useWords(flightWords);
  return (
    <ul className="legend" aria-label={say("legend")}>
      {LEVELS.map((one, index) => (
        <li key={one.level}>
          <i style={{ background: one.colour }} />
          {one.upTo_m === Infinity ? say("above", { m: LEVELS[index - 1]?.upTo_m ?? 0 }) : say("upTo", { m: one.upTo_m })}
        </li>
      ))}
      <li>
        <i style={{ background: colourOf("none") }} />
        {say("noDistance")}
      </li>
    </ul>
  );
}
