import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Link } from "wouter";
import type { components } from "../api/schema";
import { usePolled } from "../api/usePolled";
import { newestFirst } from "../alerts/alert";
import { feed } from "../alerts/feed";
import { amount } from "../alerts/numbers";
import { alertWords } from "../words/alerts";
import { flightWords } from "../words/flights";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import { AnalysisCard, isGoing } from "./AnalysisCard";
import { clock } from "./look";

type WorkView = components["schemas"]["FlightWork"];
type PartAnalysis = components["schemas"]["PartAnalysis"];

const LOOK_EVERY_MS = 2000;

/** The analyses of a flight with their segments, and the alerts so far; `turn` changes when one was asked for. */
export function Work({ id, turn }: { id: string; turn: number }) {
  const say = useWords(flightWords);
  const tell = useWords(shellWords);
  const work = usePolled<WorkView>(`/v1/flights/${id}/analyses`, LOOK_EVERY_MS);
  const { again } = work;
  useEffect(() => {
    if (turn > 0) again();
  }, [turn, again]);
  const analyses = work.value?.analyses ?? [];
  return (
    <>
      {work.error !== null && <p role="alert">{tell("failed", { detail: work.error.message })}</p>}
      {analyses.length > 0 && (
        <section>
          <h2>{say("work")}</h2>
          <div className="flights">
            {analyses.map((one) => (
              <AnalysisCard key={one.analysis.id} analysis={one.analysis} onChange={again}>
                <Segments of={one} />
              </AnalysisCard>
            ))}
          </div>
        </section>
      )}
      {analyses.length > 0 && <Found analyses={analyses} />}
    </>
  );
}

/** Each segment where it lies in the flight, filled as far as it is done. */
function Segments({ of: { segments } }: { of: PartAnalysis }) {
  const say = useWords(flightWords);
  const [first, last] = [segments[0]?.start_s ?? 0, Math.max(...segments.map((one) => one.stop_s), 1)];
  const worth = segments.filter((one) => one.frames > 0);
  const done = worth.filter((one) => one.done).length;
  return (
    <>
      <svg className="segments" viewBox={`${first} 0 ${Math.max(1e-3, last - first)} 10`} preserveAspectRatio="none" role="img" aria-label={say("segmentsBar")}>
        {worth.map((one) => {
          const width = one.stop_s - one.start_s;
          const gap = (last - first) / 400;
          return (
            <g key={one.start_s}>
              <rect className="todo" x={one.start_s} width={Math.max(0, width - gap)} height={10} />
              <rect className="done" x={one.start_s} width={Math.max(0, width - gap) * Math.min(1, one.frames_done / one.frames)} height={10} />
            </g>
          );
        })}
      </svg>
      <p className="quiet">
        {say("segments", { done, all: worth.length })} · {clock(first)}–{clock(last)}
      </p>
    </>
  );
}

function Found({ analyses }: { analyses: readonly PartAnalysis[] }) {
  const say = useWords(flightWords);
  const tell = useWords(alertWords);
  const { alerts } = useSyncExternalStore(feed().subscribe, feed().snapshot);
  const ids = useMemo(() => new Set(analyses.map((one) => one.analysis.id)), [analyses]);
  const found = useMemo(
    () => [...alerts.values()].filter((one) => ids.has(one.properties.analysis_id) && one.properties.status !== "withdrawn").sort(newestFirst),
    [alerts, ids],
  );
  const going = analyses.some((one) => isGoing(one.analysis));
  return (
    <section className="card" aria-live="polite">
      <h2>{say("found")}</h2>
      {going && found.length > 0 && <p className="quiet">{say("mayChange")}</p>}
      {found.length === 0 && <p className="quiet">{going ? say("noneYet") : say("noneFound")}</p>}
      <ul className="found">
        {found.map(({ id, properties: told }) => (
          <li key={id}>
            <Link href={`/alerts/${id}`}>
              {tell("within", {
                measured: `${amount(told.closest_separation_m)} m`, low: amount(told.interval_95_m[0]), high: amount(told.interval_95_m[1]),
              })}
            </Link>{" "}
            <span className="quiet">
              {told.rule} · {tell(told.severity)} · {clock(told.start_s)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
