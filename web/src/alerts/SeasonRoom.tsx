import { useMemo, useState, useSyncExternalStore } from "react";
import { seasonWords } from "../words/season";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import { zoneAt } from "../words/time";
import { EVERYTHING, passes, type Alert } from "./alert";
import { feed } from "./feed";
import { areaOf, bandOf, csvOf, hourOf, stands, tally, vesselName, type Count } from "./season";
import "./season.css";

/** A season at a glance: alerts by area, hour, vessel and closeness, and all of them as CSV. */
export default function SeasonRoom() {
  const say = useWords(seasonWords);
  const tell = useWords(shellWords);
  const { alerts, complete, error } = useSyncExternalStore(feed().subscribe, feed().snapshot);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const shown = useMemo(
    () => [...alerts.values()].filter((one) => passes(one, { ...EVERYTHING, from, until })),
    [alerts, from, until],
  );
  const standing = shown.filter(stands).length;
  const confirmed = shown.filter((one) => one.properties.status === "confirmed").length;
  return (
    <>
      <h1>{say("title")}</h1>
      {error !== null && <p role="alert">{tell("failed", { detail: error.message })}</p>}
      <div className="season-span">
        <label>
          {say("from")}
          <input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          {say("until")}
          <input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
        </label>
        <button type="button" disabled={!complete || shown.length === 0} onClick={() => save(shown)}>
          {say("csv")}
        </button>
      </div>
      <p role="status">
        {complete
          ? say("sum", { standing, confirmed, out: shown.length - standing })
          : tell("loading")}
      </p>
      <p className="quiet">{say("noCompliance")}</p>
      <div className="season">
        <Table title={say("area")} head={say("areaHead")} rows={tally(shown, areaOf)} />
        <Table title={say("hour")} head={say("hourHead")} rows={tally(shown, (one) => hourOf(one, zoneOf(one)), true)} />
        <Table title={say("vessel")} head={say("vesselHead")} rows={tally(shown, vesselName)} />
        <Table title={say("closeness")} head={say("closenessHead")} rows={tally(shown, bandOf, true)} />
      </div>
    </>
  );
}

function zoneOf(alert: Alert): string {
  const [longitude, latitude] = alert.geometry?.coordinates ?? [null, null];
  return zoneAt(longitude, latitude);
}

const ROWS = 24;

function Table({ title, head, rows }: { title: string; head: string; rows: readonly Count[] }) {
  const say = useWords(seasonWords);
  const most = Math.max(1, ...rows.map((one) => one.all));
  return (
    <section className="card">
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" className="number">{say("count")}</th>
            <th scope="col" className="number">{say("confirmed")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS).map((one) => (
            <tr key={one.name ?? ""}>
              <th scope="row">
                {one.name ?? say("notKnown")}
                <svg className="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(100 * one.all) / most} height="4" />
                </svg>
              </th>
              <td className="number">{one.all}</td>
              <td className="number">{one.confirmed}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > ROWS && <p className="quiet">{say("more", { count: rows.length - ROWS })}</p>}
    </section>
  );
}

function save(alerts: readonly Alert[]): void {
  const url = URL.createObjectURL(new Blob([csvOf(alerts)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "alerts.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
