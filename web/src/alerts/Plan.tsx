import { useId } from "react";
import { alertWords } from "../words/alerts";
import { useWords } from "../words/words";
import type { Account, Ellipse, Placed } from "./account";

const SIZE = 480;
const RINGS_M = [50, 300] as const;

/** North up, at the closest approach: hulls, animals, rings of the law, ellipses of the positions' errors. */
export function Plan({ account, vessel }: { account: Account; vessel: string }) {
  const say = useWords(alertWords);
  const title = useId();
  const craft = account.placed.find((one) => one.track === vessel);
  if (craft === undefined) return <p className="quiet">{say("noPlace")}</p>;
  const involved = account.placed.filter((one) => one.involved);
  const nearest = involved.filter((one) => one.kind === "dolphin").sort((a, b) => apart(a, craft) - apart(b, craft))[0];
  const middle = nearest ?? craft;
  const reach_m = Math.max(65, ...involved.map((one) => apart(one, middle) * 1.25));
  const scale = SIZE / 2 / reach_m;
  const at = (east_m: number, north_m: number): [number, number] => [
    SIZE / 2 + (east_m - middle.east_m) * scale,
    SIZE / 2 - (north_m - middle.north_m) * scale,
  ];
  const rings = RINGS_M.filter((ring) => ring <= reach_m * 1.3);
  return (
    <figure className="plan">
      <figcaption id={title}>{say("plan")}</figcaption>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-labelledby={title}>
        <rect width={SIZE} height={SIZE} className="sea" />
        {rings.map((ring) => (
          <g key={ring} className="ring">
            <circle cx={SIZE / 2} cy={SIZE / 2} r={ring * scale} />
            <text x={SIZE / 2} y={SIZE / 2 - ring * scale - 4} textAnchor="middle">
              {ring} m
            </text>
          </g>
        ))}
        {account.placed.map((one) => (
          <Thing key={one.track} one={one} at={at} scale={scale} />
        ))}
        <ScaleBar scale={scale} />
        <g className="north">
          <path d={`M${SIZE - 24} 40 l6 -22 l6 22 l-6 -5 z`} />
        </g>
      </svg>
      <p className="quiet">{say("planNote", { rings: rings.join(", ") })}</p>
    </figure>
  );
}

type At = (east_m: number, north_m: number) => [number, number];

function Thing({ one, at, scale }: { one: Placed; at: At; scale: number }) {
  const [x, y] = at(one.east_m, one.north_m);
  const craft = one.kind === "vessel" || one.kind === "jet_ski";
  return (
    <g className={`thing ${one.kind} ${one.involved ? "involved" : ""} ${one.seen ? "" : "unseen"}`}>
      <polyline className="path" points={one.path.map(([east, north]) => at(east, north).map((value) => value.toFixed(1)).join(",")).join(" ")} />
      {one.ellipse_95 != null && <Error ellipse={one.ellipse_95} x={x} y={y} scale={scale} />}
      {craft && one.outline.length > 2 ? (
        <polygon className="hull" points={one.outline.map(([east, north]) => at(east, north).join(",")).join(" ")} />
      ) : (
        <circle className="body" cx={x} cy={y} r={craft ? 6 : 4} />
      )}
      <text x={x + 8} y={y - 8}>
        {one.track}
      </text>
    </g>
  );
}

function Error({ ellipse, x, y, scale }: { ellipse: Ellipse; x: number; y: number; scale: number }) {
  // A bearing turns clockwise from north; an SVG rotation clockwise from the x axis, which here is east.
  return (
    <ellipse
      className="error"
      cx={x}
      cy={y}
      rx={ellipse.major_m * scale}
      ry={ellipse.minor_m * scale}
      transform={`rotate(${ellipse.bearing_deg - 90} ${x} ${y})`}
    />
  );
}

function ScaleBar({ scale }: { scale: number }) {
  const length_m = [5, 10, 20, 50, 100, 200, 500].find((one) => one * scale > 60) ?? 1000;
  return (
    <g className="scale">
      <line x1={16} x2={16 + length_m * scale} y1={SIZE - 18} y2={SIZE - 18} />
      <text x={16} y={SIZE - 24}>
        {length_m} m
      </text>
    </g>
  );
}

function apart(one: Placed, other: Placed): number {
  return Math.hypot(one.east_m - other.east_m, one.north_m - other.north_m);
}
