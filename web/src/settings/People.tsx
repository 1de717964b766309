import { useState, type FormEvent } from "react";
import { sendJson } from "../api/client";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";
import { Areas } from "./Areas";
import { Standing, standingIn, type Organisation, type SeaArea } from "./Standing";

type Person = components["schemas"]["PersonView"];
type Made = components["schemas"]["PersonMade"];

/** Who may sign in: added with a one-time password, given roles, disabled. */
export function People() {
  const say = useWords(peopleWords);
  const people = useFetched<readonly Person[]>("/v1/people");
  const places = useFetched<readonly Organisation[]>("/v1/organisations");
  const sea = useFetched<readonly SeaArea[]>("/v1/areas");
  const [made, setMade] = useState<Made | null>(null);
  const [wrong, setWrong] = useState<Error | null>(null);
  const after = (done: Promise<Made | unknown>): void => {
    setWrong(null);
    setMade(null);
    done.then((answer) => {
      if (typeof answer === "object" && answer !== null && "one_time_password" in answer) setMade(answer as Made);
      people.again();
      places.again();
      sea.again();
    }, setWrong);
  };
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    after(sendJson("/v1/people", { name: given.get("name"), ...standingIn(given) }));
  };
  const place = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    after(sendJson("/v1/organisations", { name: new FormData(event.currentTarget).get("name") }));
  };
  const failed = wrong ?? people.error ?? places.error ?? sea.error;
  const organisations = places.value ?? [];
  const areas = sea.value ?? [];
  const known = places.value !== null && sea.value !== null;
  return (
    <>
      {failed !== null && <p role="alert">{failed.message}</p>}
      {made !== null && (
        <p className="card" role="status">
          {say("oneTime", { name: made.person.name })} <code>{made.one_time_password}</code>
        </p>
      )}
      {known && people.value?.map((one) => <Card key={one.id} {...{ one, organisations, areas, after }} />)}
      {known && (
        <form className="card form" onSubmit={add}>
          <h2>{say("addPerson")}</h2>
          <label>
            {say("name")}
            <input name="name" required maxLength={100} autoComplete="off" />
          </label>
          <Standing organisations={organisations} areas={areas} />
          <button type="submit">{say("addPerson")}</button>
        </form>
      )}
      <form className="card form" onSubmit={place}>
        <h2>{say("newOrganisation")}</h2>
        <label>
          {say("organisation")}
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <button type="submit">{say("add")}</button>
      </form>
      <Areas areas={areas} after={after} />
    </>
  );
}

type CardProps = {
  one: Person;
  organisations: readonly Organisation[];
  areas: readonly SeaArea[];
  after: (done: Promise<unknown>) => void;
};

function Card({ one, organisations, areas, after }: CardProps) {
  const say = useWords(peopleWords);
  const place = `/v1/people/${one.id}`;
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const body = { ...standingIn(new FormData(event.currentTarget), one.sees), disabled: one.disabled_at !== null };
    after(sendJson(place, body, "PUT"));
  };
  const turn = (): void => {
    const { roles, organisation, sees, areas: within } = one;
    after(sendJson(place, { roles, organisation, sees, areas: within, disabled: one.disabled_at === null }, "PUT"));
  };
  return (
    <details className="card">
      <summary>
        {one.name} · {one.roles.map((role) => say(role)).join(", ")}
        {one.disabled_at !== null && ` · ${say("disabled")}`}
      </summary>
      <p className="quiet">
        {say("signedIn")}: {one.signed_in_at?.slice(0, 10) ?? say("never")}
      </p>
      <form className="form" onSubmit={save}>
        <Standing known={one} organisations={organisations} areas={areas} />
        <p className="steps">
          <button type="submit">{say("save")}</button>
          <button type="button" onClick={turn}>{say(one.disabled_at === null ? "disable" : "enable")}</button>
          {!one.provider && (
            <button type="button" onClick={() => after(sendJson(`${place}/password`, {}))}>{say("reset")}</button>
          )}
        </p>
      </form>
    </details>
  );
}
