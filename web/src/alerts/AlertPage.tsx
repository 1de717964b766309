import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { ApiError } from "../api/client";
import { useFetched } from "../api/useFetched";
import { alertWords } from "../words/alerts";
import { shellWords } from "../words/shell";
import { bothTimes, zoneAt } from "../words/time";
import { useLanguage, useWords } from "../words/words";
import type { Account } from "./account";
import type { Alert } from "./alert";
import { Clip } from "./Clip";
import { Curve } from "./Curve";
import { Decide } from "./Decide";
import { Facts } from "./Facts";
import { amount } from "./numbers";
import { Plan } from "./Plan";

type Props = { id: string; known: Alert | undefined; order: readonly string[] };

/** One alert: what was seen, what it rests on, and the decision. */
export function AlertPage({ id, known, order }: Props) {
  const say = useWords(alertWords);
  const tell = useWords(shellWords);
  const version = known?.properties.version ?? 0;
  const alert = useFetched<Alert>(`/v1/collections/alerts/items/${id}?v=${version}`);
  const account = useFetched<Account>(`/v1/alerts/${id}/account?v=${version}`);
  useStepping(id, order);
  const shown = alert.value ?? known ?? null;
  if (shown === null) {
    return alert.error ? <p role="alert">{tell("failed", { detail: alert.error.message })}</p> : <p className="quiet">{tell("loading")}</p>;
  }
  const waiting = account.error instanceof ApiError && account.error.problem.status === 409;
  return (
    <article className="one-alert">
      <Head alert={shown} id={id} order={order} />
      {waiting && <p className="card warn">{say("stillAnalysed")}</p>}
      {account.error !== null && !waiting && <p role="alert">{tell("failed", { detail: account.error.message })}</p>}
      {account.value !== null && <Evidence account={account.value} alert={shown} />}
      <Decide alert={shown} onDone={alert.again} />
      {account.value !== null && <Facts account={account.value} alert={shown} />}
    </article>
  );
}

function Head({ alert, id, order }: { alert: Alert; id: string; order: readonly string[] }) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const told = alert.properties;
  const [longitude, latitude] = alert.geometry?.coordinates ?? [null, null];
  const [low, high] = told.interval_95_m;
  const at = order.indexOf(id);
  const before = order[at - 1];
  const after = at < 0 ? undefined : order[at + 1];
  return (
    <header className="card head">
      <p className="steps">
        <Link href="/alerts">{say("back")}</Link>
        {before !== undefined && <Link href={`/alerts/${before}`}>{say("previous")}</Link>}
        {after !== undefined && <Link href={`/alerts/${after}`}>{say("next")}</Link>}
      </p>
      <h1>
        <span className={`badge ${told.status}`}>{say(told.status)}</span> {told.rule}:{" "}
        {language === "ko" && /[가-힣]/.test(told.rule_original) ? told.rule_original : told.rule_english}
      </h1>
      <dl className="facts">
        <div className="big">
          <dt>{say("closest")}</dt>
          <dd>{say("within", { measured: `${amount(told.closest_separation_m)} m`, low: amount(low), high: amount(high) })}</dd>
        </div>
        {told.threshold !== null && (
          <div>
            <dt>{say("threshold")}</dt>
            <dd>
              {told.threshold} {told.unit}
            </dd>
          </div>
        )}
        <div>
          <dt>{say("held")}</dt>
          <dd>{say("seconds", { s: told.duration_s.toFixed(1) })}</dd>
        </div>
        <div>
          <dt>{say("severity")}</dt>
          <dd>{say(told.severity)}</dd>
        </div>
        <div>
          <dt>{say("when")}</dt>
          <dd>{told.start === null ? say("unknownTime") : bothTimes(told.start, zoneAt(longitude, latitude), language)}</dd>
        </div>
        <div>
          <dt>{say("where")}</dt>
          <dd>{latitude === null || longitude === null ? say("unknownPlace") : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`}</dd>
        </div>
        <div>
          <dt>{say("vessel")}</dt>
          <dd>{told.vessel_identity?.name ?? `${say(told.vessel_kind)} ${told.vessel_track}`}</dd>
        </div>
      </dl>
      <p>
        <strong>{say("reason")}:</strong> {language === "ko" ? (told.reason_ko ?? told.reason) : told.reason}
      </p>
      {told.withdrawn_because !== null && <p className="warn">{told.withdrawn_because}</p>}
      {told.unsure_animals.length > 0 && <p className="warn">{say("unsure", { tracks: told.unsure_animals.join(", ") })}</p>}
    </header>
  );
}

function Evidence({ account, alert }: { account: Account; alert: Alert }) {
  const say = useWords(alertWords);
  const [now_s, setNow] = useState(account.plan_t_s);
  const [wanted, setWanted] = useState({ t_s: account.plan_t_s, turn: 0 });
  const seek = (t_s: number): void => setWanted((before) => ({ t_s, turn: before.turn + 1 }));
  const told = alert.properties;
  const moments = account.moments;
  const t_s = moments.map((one) => one.t_s);
  return (
    <div className="evidence">
      <Clip analysis={account.analysis_id} annotated={account.annotated} wanted={wanted} closest_s={account.plan_t_s} onTime={setNow} onSeek={seek} />
      <Plan account={account} vessel={told.vessel_track} />
      {moments.length === 0 ? (
        <p className="quiet">{say("noMoments")}</p>
      ) : (
        <div className="curves">
          <Curve
            label={say("distanceCurve")} unit={say("metres")} across={say("secondsAxis")} t_s={t_s}
            values={moments.map((one) => one.separation_m)} intervals={moments.map((one) => one.interval_95_m as [number, number])}
            threshold={told.unit === "m" ? told.threshold : null} now_s={now_s} onSeek={seek}
          />
          <Curve
            label={say("speedCurve")} unit={say("knots")} across={say("secondsAxis")} t_s={t_s}
            values={moments.map((one) => one.speed_kn)} intervals={moments.map((one) => one.speed_interval_95_kn as [number, number] | null)}
            threshold={told.unit === "kn" ? told.threshold : null} now_s={now_s} onSeek={seek}
          />
        </div>
      )}
    </div>
  );
}

/** J and K step through the list, unless somebody is writing. */
function useStepping(id: string, order: readonly string[]): void {
  const [, go] = useLocation();
  const latest = useRef({ id, order, go });
  latest.current = { id, order, go };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (isWriting(event) || (event.key !== "j" && event.key !== "k")) return;
      const { id: here, order: all, go: to } = latest.current;
      const next = all[all.indexOf(here) + (event.key === "j" ? 1 : -1)];
      if (next !== undefined) to(`/alerts/${next}`);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

export function isWriting(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return event.ctrlKey || event.metaKey || event.altKey || (target !== null && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
