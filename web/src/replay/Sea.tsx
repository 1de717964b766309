import { useId } from "react";
import { Curve } from "../alerts/Curve";
import { replayWords } from "../words/replay";
import { useWords } from "../words/words";
import { RINGS_M, type Point } from "./draw";
import { placesIn, type Place } from "./places";
import type { Player } from "./usePlayer";

const SIZE = 480;
const LEAST_REACH_M = 65;
const MOST_REACH_M = 400;
/** What is this many times as far as the closest craft is left out of the plan, and counted. */
const FAR_FACTOR = 4;
const THRESHOLD_M = 50;

/** The sea from above and the separations, at the moment the video shows. */
export function Sea({ player, followed }: { player: Player; followed: string | null }) {
  const say = useWords(replayWords);
  const places = player.shown === null ? [] : placesIn(player.shown).filter((one) => !one.rejected);
  return (
    <details className="card sea" open>
      <summary>{say("sea")}</summary>
      <div className="sea-parts">
        {places.length === 0 ? <p className="quiet">{say("noPlaces")}</p> : <Above places={places} followed={followed} />}
        <Apart player={player} followed={followed} />
      </div>
    </details>
  );
}

/** North up: hulls, animals, rings of the law around the nearest animal, 95 % ellipses. */
function Above({ places, followed }: { places: readonly Place[]; followed: string | null }) {
  const say = useWords(replayWords);
  const title = useId();
  const animals = places.filter((one) => one.kind === "dolphin");
  const craft = places.filter((one) => one.kind === "vessel" || one.kind === "jet_ski");
  const middle = places.find((one) => one.label === followed) ?? nearestTo(craft, animals) ?? places[0];
  if (middle === undefined) return null;
  const reach_m = reachOf(middle, places, craft);
  const beyond = places.filter((one) => apart(one, middle) > reach_m * Math.SQRT2).length;
  const scale = SIZE / 2 / reach_m;
  const at = ([east_m, north_m]: Point): Point => [SIZE / 2 + (east_m - middle.east_m) * scale, SIZE / 2 - (north_m - middle.north_m) * scale];
  const points = (list: readonly Point[]): string => list.map((one) => at(one).map((value) => value.toFixed(1)).join(",")).join(" ");
  return (
    <figure className="plan">
      <figcaption id={title}>{say("plan")}</figcaption>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-labelledby={title} data-testid="plan">
        <rect width={SIZE} height={SIZE} className="sea-ground" />
        {animals.flatMap((one) =>
          RINGS_M.filter((ring) => ring <= reach_m * 1.4).map((ring) => {
            const [x, y] = at([one.east_m, one.north_m]);
            return <circle key={`${one.label} ${ring}`} className="plan-ring" cx={x} cy={y} r={ring * scale} />;
          }),
        )}
        {places.map((one) => {
          const [x, y] = at([one.east_m, one.north_m]);
          return (
            <g key={one.label} className={`plan-thing ${one.kind} ${one.observed ? "" : "unseen"}`}>
              <polygon className="plan-error" points={points(one.error)} />
              {one.outline.length > 2 ? <polygon className="plan-hull" points={points(one.outline)} /> : <circle className="plan-body" cx={x} cy={y} r={5} />}
              <text x={x + 8} y={y - 8}>
                {one.label}
              </text>
            </g>
          );
        })}
        <path className="plan-north" d={`M${SIZE - 24} 40 l6 -22 l6 22 l-6 -5 z`} />
        <text x={14} y={SIZE - 14}>
          {say("reach", { m: (reach_m * 2).toFixed(0) })}
          {beyond > 0 && ` · ${say("beyond", { n: beyond })}`}
        </text>
      </svg>
    </figure>
  );
}

/** The curve of one craft around the moment: the followed one, else the one that is nearest to an animal. */
function Apart({ player, followed }: { player: Player; followed: string | null }) {
  const say = useWords(replayWords);
  const spans = player.moments.around(player.now_s).map((span) => span.separations);
  const rows = spans.flatMap((one) =>
    one.t_s.map((t_s, row) => ({ t_s, craft: one.craft[row] ?? "", m: one.separation_m[row] ?? 0, low: one.low_95_m[row] ?? 0, high: one.high_95_m[row] ?? 0 })),
  );
  const near = rows.filter((row) => Math.abs(row.t_s - player.now_s) < 1).sort((a, b) => a.m - b.m);
  const craft = rows.some((row) => row.craft === followed) ? followed : (near[0] ?? rows[0])?.craft;
  if (craft == null) return <p className="quiet">{say("noSeparations")}</p>;
  const own = rows.filter((row) => row.craft === craft).sort((a, b) => a.t_s - b.t_s);
  return (
    <div className="apart" data-testid="separation">
      <Curve
        label={say("separationOf", { craft })}
        unit="m"
        across="s"
        t_s={own.map((row) => row.t_s)}
        values={own.map((row) => row.m)}
        intervals={own.map((row) => [row.low, row.high] as const)}
        threshold={THRESHOLD_M}
        now_s={player.now_s}
        onSeek={player.seek}
      />
    </div>
  );
}

/** As far as what is near the closest craft: one boat on the horizon shall not make a dot of what happens here. */
function reachOf(middle: Place, places: readonly Place[], craft: readonly Place[]): number {
  const closest_m = Math.min(...craft.filter((one) => one !== middle).map((one) => apart(one, middle)));
  const shown = places.map((one) => apart(one, middle)).filter((m) => m <= Math.max(LEAST_REACH_M, closest_m * FAR_FACTOR));
  return Math.min(MOST_REACH_M, Math.max(LEAST_REACH_M, Math.max(0, ...shown) * 1.15));
}

function nearestTo(craft: readonly Place[], animals: readonly Place[]): Place | undefined {
  const pairs = animals.flatMap((animal) => craft.map((one) => ({ animal, m: apart(one, animal) })));
  return pairs.sort((a, b) => a.m - b.m)[0]?.animal ?? animals[0];
}

function apart(one: Place, other: Place): number {
  return Math.hypot(one.east_m - other.east_m, one.north_m - other.north_m);
}
