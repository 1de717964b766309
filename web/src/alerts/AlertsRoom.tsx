import { useMemo, useState, useSyncExternalStore } from "react";
import { Route, Switch } from "wouter";
import { read, write } from "../shell/kept";
import { alertWords } from "../words/alerts";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";
import { EVERYTHING, newestFirst, passes, type Filter } from "./alert";
import { AlertList } from "./AlertList";
import { AlertMap } from "./AlertMap";
import { AlertPage } from "./AlertPage";
import { feed } from "./feed";
import { Filters } from "./Filters";
import "./alerts.css";

const SEEN = "alerts.seen";

/** The officer's room: the feed as list and map, and one alert. */
export default function AlertsRoom() {
  const { alerts, live, complete, error } = useSyncExternalStore(feed().subscribe, feed().snapshot);
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [seen, setSeen] = useState<string>(() => read(SEEN) ?? "");
  const sorted = useMemo(() => [...alerts.values()].sort(newestFirst), [alerts]);
  const shown = useMemo(() => sorted.filter((one) => passes(one, filter)), [sorted, filter]);
  const rules = useMemo(() => [...new Set(sorted.map((one) => one.properties.rule))].sort(), [sorted]);
  const fresh = sorted.filter((one) => one.properties.created_at > seen).length;
  const say = useWords(alertWords);
  const tell = useWords(shellWords);
  const markSeen = (): void => {
    const newest = sorted.reduce((latest, one) => (one.properties.created_at > latest ? one.properties.created_at : latest), seen);
    setSeen(newest);
    write(SEEN, newest);
  };
  return (
    <Switch>
      <Route path="/alerts/:id">
        {({ id }) => <AlertPage id={id} known={alerts.get(id)} order={shown.map((one) => one.id)} />}
      </Route>
      <Route>
        <div className="alerts">
          <section className="alerts-list" aria-label={say("list")}>
            <h1>
              {say("title")}{" "}
              <span className={live ? "live" : "live waiting"} role="status">
                {live ? say("live") : say("waiting")}
              </span>
            </h1>
            {error !== null && (
              <p role="alert">
                {tell("failed", { detail: error.message })}{" "}
                <button type="button" onClick={feed().read}>
                  {tell("again")}
                </button>
              </p>
            )}
            <Filters filter={filter} rules={rules} onChange={setFilter} />
            <p className="quiet counts">
              {say("count", { shown: shown.length, all: sorted.length })}
              {fresh > 0 && (
                <>
                  {" · "}
                  <strong>{say("fresh", { count: fresh })}</strong>{" "}
                  <button type="button" className="small" onClick={markSeen}>
                    {say("seenAll")}
                  </button>
                </>
              )}
            </p>
            {shown.length > 0 ? (
              <AlertList alerts={shown} seen={seen} />
            ) : complete ? (
              <p className="quiet">{sorted.length === 0 ? say("noneYet") : say("none")}</p>
            ) : (
              <p className="quiet">{tell("loading")}</p>
            )}
          </section>
          <AlertMap alerts={shown} onBox={(box) => setFilter((before) => (before.box === null ? before : { ...before, box }))} />
        </div>
      </Route>
    </Switch>
  );
}
