import { useEffect, useState } from "react";
import { getJson } from "../api/client";
import type { components } from "../api/schema";
import { settingsWords } from "../words/settings";
import { shellWords } from "../words/shell";
import { bothTimes } from "../words/time";
import { useLanguage, useWords } from "../words/words";

type Page = components["schemas"]["TrailPage"];
type Check = components["schemas"]["TrailCheck"];

/** Who did what, newest first; and whether the chain of the whole trail holds. */
export function Trail() {
  const say = useWords(settingsWords);
  const tell = useWords(shellWords);
  const language = useLanguage();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [entries, setEntries] = useState<Page["entries"]>([]);
  const [before, setBefore] = useState<number | null>(null);
  const [loaded, setLoaded] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const read = (from: number | null): void => {
    getJson<Page>(`/v1/audit/entries?limit=100${from === null ? "" : `&before=${from}`}`).then(
      (page) => {
        setEntries((known) => (from === null ? page.entries : [...known, ...page.entries]));
        setBefore(page.next_before);
        setLoaded(true);
      },
      (error: Error) => setWrong(error.message),
    );
  };
  useEffect(() => read(null), []);
  return (
    <>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong })}</p>}
      <Chain />
      <section className="card wide trail">
        <h2>{say("trailTitle")}</h2>
        {loaded && entries.length === 0 && <p className="quiet">{say("trailEmpty")}</p>}
        {entries.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col" className="number">{say("place")}</th>
                <th scope="col">{say("when")}</th>
                <th scope="col">{say("who")}</th>
                <th scope="col">{say("action")}</th>
                <th scope="col">{say("subject")}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((one) => (
                <tr key={one.sequence}>
                  <td className="number">{one.sequence}</td>
                  <td>{bothTimes(one.at, zone, language)}</td>
                  <td translate="no">{one.actor}</td>
                  <td>
                    <code>{one.action}</code>
                  </td>
                  <td>
                    <code title={one.subject}>{one.subject.slice(0, 12)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {before !== null && (
          <button type="button" onClick={() => read(before)}>
            {say("older")}
          </button>
        )}
      </section>
    </>
  );
}

function Chain() {
  const say = useWords(settingsWords);
  const [check, setCheck] = useState<Check | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const run = (): void => {
    setBusy(true);
    setWrong(null);
    getJson<Check>("/v1/audit/check")
      .then(setCheck, (error: Error) => setWrong(error.message))
      .finally(() => setBusy(false));
  };
  return (
    <section className="card">
      <h2>{say("chain")}</h2>
      <p className="quiet">{say("chainMeans")}</p>
      <button type="button" className="main" disabled={busy} onClick={run}>
        {busy ? say("checking") : say("check")}
      </button>
      {wrong !== null && <p role="alert">{wrong}</p>}
      {check !== null && check.whole && <p role="status" className="fine">{say("chainWhole", { n: check.entries })}</p>}
      {check !== null && !check.whole && (
        <p role="alert">{say("chainBroken", { at: check.broken_at ?? 0, before: (check.broken_at ?? 1) - 1 })}</p>
      )}
      {check?.head != null && (
        <p>
          {say("trailHash")} <code>{check.head}</code>
        </p>
      )}
    </section>
  );
}
