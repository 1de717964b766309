import { Link, Route, Switch } from "wouter";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { usePolled } from "../api/usePolled";
import { flightWords } from "../words/flights";
import { shellWords } from "../words/shell";
import { bothTimes } from "../words/time";
import { uploadWords } from "../words/upload";
import { useLanguage, useWords } from "../words/words";
import { AnalysisCard } from "./AnalysisCard";
import { FlightPage, type Flight } from "./FlightPage";
import { clock } from "./look";
import "../upload/upload.css";
import "./flights.css";

type Analyses = components["schemas"]["AnalysisList"];
type Flights = components["schemas"]["FlightList"];

const LOOK_EVERY_MS = 2000;

/** What was brought and how far it is. */
export default function FlightsRoom() {
  return (
    <Switch>
      <Route path="/flights/:id">{({ id }) => <FlightPage key={id} id={id} />}</Route>
      <Route>
        <Overview />
      </Route>
    </Switch>
  );
}

function Overview() {
  const say = useWords(flightWords);
  const tell = useWords(shellWords);
  const flights = useFetched<Flights>("/v1/flights?limit=100");
  const analyses = usePolled<Analyses>("/v1/analyses?limit=100", LOOK_EVERY_MS);
  const wrong = flights.error ?? analyses.error;
  return (
    <>
      <h1>{say("flightsTitle")}</h1>
      {wrong !== null && <p role="alert">{tell("failed", { detail: wrong.message })}</p>}
      {flights.value?.flights.length === 0 && (
        <p className="quiet">
          {say("noFlights")} <Link href="/upload">{tell("upload")}</Link>
        </p>
      )}
      <div className="flights">{flights.value?.flights.map((one) => <Brief key={one.id} flight={one} />)}</div>
      {analyses.value !== null && <Analysed listed={analyses.value} onChange={analyses.again} />}
    </>
  );
}

function Analysed({ listed, onChange }: { listed: Analyses; onChange: () => void }) {
  const say = useWords(flightWords);
  const tell = useWords(uploadWords);
  return (
    <>
      <h2>{say("analysesTitle")}</h2>
      {listed.analyses.length === 0 && <p className="quiet">{tell("noFlights")}</p>}
      <div className="flights">
        {listed.analyses.map((one) => (
          <AnalysisCard key={one.id} analysis={one} onChange={onChange} />
        ))}
      </div>
    </>
  );
}

function Brief({ flight }: { flight: Flight }) {
  const say = useWords(flightWords);
  const language = useLanguage();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const without = flight.parts.filter((part) => part.telemetry === null).length;
  return (
    <article className="card flight">
      <Link href={`/flights/${flight.id}`}>
        <strong translate="no">{flight.name}</strong>
      </Link>
      <p className="quiet">
        {clock(flight.duration_s)}
        {flight.parts.length > 1 && ` · ${say("parts", { n: flight.parts.length })}`} · {bothTimes(flight.created_at, zone, language)}
      </p>
      {without > 0 && <p className="warn">{say("withoutTelemetry")}</p>}
      {(flight.operator !== "" || flight.permit !== "") && <p className="quiet" translate="no">{[flight.operator, flight.drone, flight.permit].filter(Boolean).join(" · ")}</p>}
    </article>
  );
}
