import { useState, type FormEvent } from "react";
import { sendJson } from "../api/client";
import { flightWords } from "../words/flights";
import { useWords } from "../words/words";
import type { Flight } from "./FlightPage";

const FIELDS = ["operator", "drone", "permit"] as const;

/** What a person says of a flight. */
export function Told({ flight, onChange }: { flight: Flight; onChange: () => void }) {
  const say = useWords(flightWords);
  const [state, setState] = useState<string | null>(null);
  const keep = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    sendJson(`/v1/flights/${flight.id}`, given, "PATCH").then(
      () => {
        setState(say("kept"));
        onChange();
      },
      (error: Error) => setState(say("failed", { detail: error.message })),
    );
  };
  return (
    <details className="card">
      <summary>{say("told")}</summary>
      <form onSubmit={keep} className="told">
        {FIELDS.map((field) => (
          <label key={field}>
            {say(field)}
            <input name={field} defaultValue={flight[field]} maxLength={200} />
          </label>
        ))}
        <label className="wide">
          {say("notes")}
          <textarea name="notes" defaultValue={flight.notes} maxLength={20_000} />
        </label>
        <button type="submit">{say("keep")}</button>
        {state !== null && <p role="status">{state}</p>}
      </form>
    </details>
  );
}
