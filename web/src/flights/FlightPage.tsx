import { lazy, Suspense, useMemo, useState } from "react";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { flightWords } from "../words/flights";
import { shellWords } from "../words/shell";
import { bothTimes, zoneAt } from "../words/time";
import { useLanguage, useWords } from "../words/words";
import { percent } from "../alerts/numbers";
import { Choose } from "./Choose";
import { Told } from "./Told";
import { Telemetry } from "./Telemetry";
import { Work } from "./Work";
import { clock, lengthOf, levelOf, momentAt, momentsOf, pathOf, poorShare, type Look, type Moment } from "./look";
import "./flights.css";

const FlightMap = lazy(() => import("./FlightMap").then((found) => ({ default: found.FlightMap })));

export type Flight = components["schemas"]["FlightView"];

/** One flight: what it is good for, what to analyse of it, how far that is and what came of it. */
export function FlightPage({ id }: { id: string }) {
  const say = useWords(flightWords);
  const tell = useWords(shellWords);
  const language = useLanguage();
  const flight = useFetched<Flight>(`/v1/flights/${id}`);
  const look = useFetched<Look>(flight.value === null ? null : `/v1/flights/${id}/look`);
  const [asked, setAsked] = useState(0);
  const changed = (): void => {
    flight.again();
    look.again();
  };
  if (flight.value === null) {
    return flight.error === null ? <p className="quiet">{tell("loading")}</p> : <p role="alert">{tell("failed", { detail: flight.error.message })}</p>;
  }
  const told = flight.value;
  const [first] = look.value === null ? [] : pathOf(look.value);
  const zone = zoneAt(first?.longitude ?? null, first?.latitude ?? null);
  const starts_at = look.value?.parts[0]?.look.starts_at ?? null;
  return (
    <article className="one-flight">
      <header>
        <h1 translate="no">{told.name}</h1>
        <p className="quiet">
          {starts_at === null ? "" : `${bothTimes(starts_at, zone, language)} · `}
          {clock(told.duration_s)}
          {told.parts.length > 1 && ` · ${say("parts", { n: told.parts.length })}`}
        </p>
      </header>
      <Telemetry flight={told} onChange={changed} />
      {look.error !== null && <p role="alert">{tell("failed", { detail: look.error.message })}</p>}
      {look.value === null && look.error === null && <p role="status" className="card">{say("looking")}</p>}
      {look.value !== null && <Good look={look.value} id={id} onAsked={() => setAsked((before) => before + 1)} />}
      <Work id={id} turn={asked} />
      <Told flight={told} onChange={flight.again} />
    </article>
  );
}

function Good({ look, id, onAsked }: { look: Look; id: string; onAsked: () => void }) {
  const say = useWords(flightWords);
  const [at_s, setAt] = useState(0);
  const moments = useMemo(() => momentsOf(look), [look]);
  const path = useMemo(() => pathOf(look), [look]);
  return (
    <>
      <section className="card">
        <p>
          <strong>{say("measurable", { share: percent(look.measurable_fraction) })}</strong>
        </p>
        <Findings look={look} moments={moments} />
        {path.length > 1 ? (
          <Suspense fallback={<div className="map" />}>
            <FlightMap path={path} moments={moments} at_s={at_s} />
          </Suspense>
        ) : (
          <p className="quiet">{say("noPath")}</p>
        )}
        <Choose id={id} moments={moments} length_s={lengthOf(look)} at_s={at_s} onAt={setAt} onAsked={onAsked}>
          <Readout moment={momentAt(moments, at_s)} at_s={at_s} look={look} />
        </Choose>
      </section>
    </>
  );
}

/** Below this share of the flight nothing is said of it. */
const WORTH_SAYING = 0.1;

function Findings({ look, moments }: { look: Look; moments: readonly Moment[] }) {
  const say = useWords(flightWords);
  const language = useLanguage();
  const all = look.parts.flatMap((part) => part.findings.map((one) => ({ ...one, part: part.position })));
  const poor = poorShare(moments);
  if (all.length === 0 && poor > WORTH_SAYING) return <p className="warn">{say("mostlyPoor", { share: percent(poor) })}</p>;
  if (all.length === 0) return <p className="fine">{say("allFine")}</p>;
  return (
    <>
      <h2>{say("findings")}</h2>
      <ul className="findings">
        {all.map((one) => (
          <li key={`${one.part}:${one.code}`}>
            {look.parts.length > 1 && <span className="quiet">{say("part", { n: one.part + 1 })}: </span>}
            {language === "ko" ? one.korean : one.english}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What could be measured at one moment, in words. */
function Readout({ moment, at_s, look }: { moment: Moment | null; at_s: number; look: Look }) {
  const say = useWords(flightWords);
  const language = useLanguage();
  if (moment === null) return null;
  if (moment.sigma_m !== null) {
    return (
      <p role="status" className={`readout ${levelOf(moment.sigma_m)}`}>
        {say("at", { time: clock(at_s), sigma: (Math.ceil(moment.sigma_m * 10) / 10).toFixed(1) })}
      </p>
    );
  }
  const reason = look.parts[moment.part]?.reasons.find((one) => one.code === moment.absence);
  const why = reason === undefined ? (moment.absence ?? "") : language === "ko" ? reason.korean : reason.english;
  return (
    <p role="status" className="readout none">
      {say("atNone", { time: clock(at_s), why })}
    </p>
  );
}
