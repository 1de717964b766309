import { Link } from "wouter";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { alertWords } from "../words/alerts";
import { replayWords } from "../words/replay";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import "./replay.css";

type Comparison = components["schemas"]["Comparison"];
type Change = components["schemas"]["Difference"];

const CHANGES: Readonly<Record<Change, keyof typeof replayWords>> = { gone: "changeGone", new: "changeNew", changed: "changeChanged", same: "changeSame" };

/** Two analyses of one recording side by side: what is gone, new, or changed. */
export default function CompareRoom({ a, b }: { a: string; b: string }) {
  const say = useWords(replayWords);
  const tell = useWords(shellWords);
  const name = useWords(alertWords);
  const { value, error } = useFetched<Comparison>(`/v1/analyses/${a}/compare/${b}`);
  if (error !== null) return <p role="alert">{tell("failed", { detail: error.message })}</p>;
  if (value === null) return <p className="quiet">{tell("loading")}</p>;
  const word = (one: { change: Change }): string => say(CHANGES[one.change]);
  const metres = (one: number | null): string => (one === null ? "–" : one.toFixed(1));
  const named = (one: string | null): string => (one === null || one === "" ? "–" : one in alertWords ? name(one as keyof typeof alertWords) : one);
  const standing = (status: string | null, severity: string | null): string => (status === null ? "–" : `${named(status)}, ${named(severity)}`);
  return (
    <div className="compare">
      <h1>{say("comparison")}</h1>
      <p>
        <Link href={`/replay/${a}`}>{say("first", { id: a.slice(0, 8) })}</Link> · <Link href={`/replay/${b}`}>{say("second", { id: b.slice(0, 8) })}</Link>
      </p>
      <Table title={say("settings")} empty={say("settingsSame")} head={[say("setting"), say("firstOne"), say("secondOne")]} rows={value.settings.map((row) => ({ change: "changed", cells: [...row] }))} />
      <Table
        title={say("tracks")}
        empty={say("nothing")}
        head={[say("change"), say("firstOne"), say("secondOne"), say("overlap"), say("sightings"), say("when")]}
        rows={value.tracks.map((one) => ({
          change: one.change,
          cells: [
            word(one), one.a ?? "–", one.b ?? "–", one.overlap === null ? "–" : one.overlap.toFixed(2), `${one.sightings_a ?? "–"} → ${one.sightings_b ?? "–"}`,
            <Moment key="t" a={one.a === null ? b : a} t_s={one.start_s} track={one.a ?? one.b} />,
          ],
        }))}
      />
      <Table
        title={say("encounters")}
        empty={say("nothing")}
        head={[say("change"), say("craft"), say("closestOne"), say("verdicts"), say("when")]}
        rows={value.encounters.map((one) => ({
          change: one.change,
          cells: [
            word(one), `${one.craft_a ?? "–"} → ${one.craft_b ?? "–"}`,
            `${metres(one.closest_a_m)} [${(one.interval_a_m ?? []).map(metres).join(", ")}] → ${metres(one.closest_b_m)} [${(one.interval_b_m ?? []).map(metres).join(", ")}]`,
            one.verdicts.map(([rule, first, second]) => `${rule}: ${named(first)} → ${named(second)}`).join("; "),
            <Moment key="t" a={one.craft_a === null ? b : a} t_s={one.closest_t_s} track={one.craft_a ?? one.craft_b} />,
          ],
        }))}
      />
      <Table
        title={say("alerts")}
        empty={say("nothing")}
        head={[say("change"), say("rule"), say("firstOne"), say("secondOne")]}
        rows={value.alerts.map((one) => ({ change: one.change, cells: [word(one), one.rule, standing(one.status_a, one.severity_a), standing(one.status_b, one.severity_b)] }))}
      />
      <Table
        title={say("separations")}
        empty={say("nothing")}
        head={[say("change"), say("craft"), say("moments"), say("meanDifference"), say("largestDifference"), say("withinInterval")]}
        rows={value.separations.map((one) => ({
          change: one.change,
          cells: [word(one), `${one.craft_a ?? "–"} → ${one.craft_b ?? "–"}`, String(one.moments), metres(one.mean_difference_m), metres(one.largest_difference_m), one.within === null ? "–" : `${(one.within * 100).toFixed(0)} %`],
        }))}
      />
    </div>
  );
}

function Moment({ a, t_s, track }: { a: string; t_s: number; track: string | null }) {
  const say = useWords(replayWords);
  return <Link href={`/replay/${a}?t=${t_s.toFixed(3)}${track === null ? "" : `&track=${track}`}`}>{say("atSecond", { t: t_s.toFixed(1) })}</Link>;
}

type Row = { readonly change: Change; readonly cells: readonly React.ReactNode[] };

function Table({ title, empty, head, rows }: { title: string; empty: string; head: readonly string[]; rows: readonly Row[] }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="quiet">{empty}</p>
      ) : (
        <div className="wide-table">
          <table>
            <thead>
              <tr>
                {head.map((one) => (
                  <th key={one} scope="col">
                    {one}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index} className={`change-${row.change}`}>
                  {row.cells.map((cell, place) => (
                    <td key={place}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
