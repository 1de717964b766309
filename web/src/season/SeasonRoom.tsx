import { useMemo, useState, useSyncExternalStore } from "react";
import { EVERYTHING, passes } from "../alerts/alert";
import { feed } from "../alerts/feed";
import { percent } from "../alerts/numbers";
import { seasonWords } from "../words/season";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import { zoneAt } from "../words/time";
import { areaOf, bandOf, compliance, csvOf, encountersCsv, hourOf, stands, tally, within, type Count, type Happening } from "./season";
import { useEncounters } from "./useEncounters";
import "./season.css";

/** Where the Korean notice first asks something of a vessel that others watch from: propellers stopped within 300 m. */
const WATCHING_M = 300;

/** A season at a glance: who kept the rules, by area, hour, vessel and closeness, and all of it as CSV. */
export default function SeasonRoom() {
  const say = useWords(seasonWords);
  const tell = useWords(shellWords);
  const { alerts, complete, error } = useSyncExternalStore(feed().subscribe, feed().snapshot);
  const { season, error: failed } = useEncounters();
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [distance_m, setDistance] = useState(WATCHING_M);
  const shown = useMemo(
    () => [...alerts.values()].filter((one) => passes(one, { ...EVERYTHING, from, until })),
    [alerts, from, until],
  );
  const met = useMemo(() => within(season?.encounters ?? [], distance_m, from, until), [season, distance_m, from, until]);
  const standing = shown.filter(stands).length;
  const confirmed = shown.filter((one) => one.properties.status === "confirmed").length;
  const wrong = error ?? failed;
  return (
    <>
      <h1>{say("title")}</h1>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong.message })}</p>}
      <div className="season-span">
        <label>
          {say("from")}
          <input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          {say("until")}
          <input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
        </label>
        <label>
          {say("distance")}
          <input type="number" min={10} max={5000} step={10} value={distance_m} onChange={(event) => setDistance(Number(event.target.value))} />
        </label>
        <button type="button" disabled={met.length === 0} onClick={() => save(encountersCsv(met), "encounters.csv")}>
          {say("encountersCsv")}
        </button>
        <button type="button" disabled={!complete || shown.length === 0} onClick={() => save(csvOf(shown), "alerts.csv")}>
          {say("csv")}
        </button>
      </div>
      {season === null ? <p className="quiet">{tell("loading")}</p> : <Rate met={met} distance_m={distance_m} notReadable={season.notReadable} />}
      <p role="status">
        {complete
          ? say("sum", { standing, confirmed, out: shown.length - standing })
          : tell("loading")}
      </p>
      <div className="season">
        <Table title={say("area")} head={say("areaHead")} rows={tally(met, shown, areaOf)} />
        <Table title={say("hour")} head={say("hourHead")} rows={tally(met, shown, (one) => hourOf(one, zoneOf(one)), true)} />
        <Table title={say("vessel")} head={say("vesselHead")} rows={tally(met, shown, (one) => one.vessel)} />
        <Table title={say("closeness")} head={say("closenessHead")} rows={tally(met, shown, bandOf, true)} />
      </div>
    </>
  );
}

type Met = ReturnType<typeof within>;

function Rate({ met, distance_m, notReadable }: { met: Met; distance_m: number; notReadable: number }) {
  const say = useWords(seasonWords);
  const kept = met.filter((one) => one.kept === "kept").length;
  const broken = met.filter((one) => one.kept === "broken").length;
  const rate = compliance({ kept, broken });
  return (
    <section className="card rate">
      <h2>{say("compliance")}</h2>
      <p className="figure" data-testid="compliance">{rate === null ? say("noRate") : percent(rate)}</p>
      <p>{say("rateOf", { kept, judged: kept + broken, m: distance_m })}</p>
      <p className="quiet">{say("rateMeans", { open: met.length - kept - broken })}</p>
      {notReadable > 0 && <p className="warn">{say("notReadable", { n: notReadable })}</p>}
    </section>
  );
}

function zoneOf({ place }: Happening): string {
  const [longitude, latitude] = place ?? [null, null];
  return zoneAt(longitude, latitude);
}

const ROWS = 24;

function Table({ title, head, rows }: { title: string; head: string; rows: readonly Count[] }) {
  const say = useWords(seasonWords);
  const most = Math.max(1, ...rows.map((one) => one.met));
  return (
    <section className="card wide">
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" className="number">{say("met")}</th>
            <th scope="col" className="number">{say("keptRate")}</th>
            <th scope="col" className="number">{say("count")}</th>
            <th scope="col" className="number">{say("confirmed")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS).map((one) => {
            const rate = compliance(one);
            return (
              <tr key={one.name ?? ""}>
                <th scope="row">
                  {one.name ?? say("notKnown")}
                  <svg className="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={(100 * one.met) / most} height="4" />
                    <rect className="bad" width={(100 * one.broken) / most} height="4" />
                  </svg>
                </th>
                <td className="number">{one.met}</td>
                <td className="number">{rate === null ? "–" : percent(rate)}</td>
                <td className="number">{one.alerts}</td>
                <td className="number">{one.confirmed}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > ROWS && <p className="quiet">{say("more", { count: rows.length - ROWS })}</p>}
    </section>
  );
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
