import { useState, type FormEvent } from "react";
import { send, sendJson } from "../api/client";
import type { components } from "../api/schema";
import { useFetched } from "../api/useFetched";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";
import { Standing, standingIn, type Organisation, type SeaArea } from "./Standing";

type Key = components["schemas"]["KeyView"];
type Made = components["schemas"]["KeyMade"];

/** Keys of programs: made, shown once, revoked. */
export function Keys() {
  const say = useWords(peopleWords);
  const keys = useFetched<readonly Key[]>("/v1/keys");
  const places = useFetched<readonly Organisation[]>("/v1/organisations");
  const sea = useFetched<readonly SeaArea[]>("/v1/areas");
  const [made, setMade] = useState<Made | null>(null);
  const [wrong, setWrong] = useState<Error | null>(null);
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const days = String(given.get("days"));
    const body = { name: given.get("name"), ...standingIn(given), days: days === "" ? null : Number(days) };
    setWrong(null);
    sendJson<Made>("/v1/keys", body).then(setMade).then(keys.again, setWrong);
  };
  const revoke = (one: Key): void => {
    if (!window.confirm(say("revokeSure", { name: one.name }))) return;
    send(`/v1/keys/${one.id}`, { method: "DELETE" }).then(keys.again, setWrong);
  };
  const failed = wrong ?? keys.error ?? places.error ?? sea.error;
  return (
    <>
      {failed !== null && <p role="alert">{failed.message}</p>}
      {made !== null && (
        <p className="card" role="status">
          {say("keyOnce", { name: made.name })} <code>{made.key}</code>
        </p>
      )}
      {keys.value !== null && keys.value.length > 0 && <List keys={keys.value} revoke={revoke} />}
      {places.value !== null && sea.value !== null && (
        <form className="card form" onSubmit={add}>
          <h2>{say("addKey")}</h2>
          <label>
            {say("name")}
            <input name="name" required maxLength={100} autoComplete="off" />
          </label>
          <Standing organisations={places.value} areas={sea.value} />
          <label>
            {say("days")}
            <input name="days" type="number" min={1} max={3660} />
          </label>
          <button type="submit">{say("addKey")}</button>
        </form>
      )}
    </>
  );
}

function List({ keys, revoke }: { keys: readonly Key[]; revoke: (one: Key) => void }) {
  const say = useWords(peopleWords);
  return (
    <div className="card wide">
      <table>
        <thead>
          <tr>
            {(["name", "roles", "shown", "used", "until"] as const).map((one) => (
              <th key={one} scope="col">{say(one)}</th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {keys.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.name}</th>
              <td>{one.roles.map((role) => say(role)).join(", ")}</td>
              <td><code>{one.shown}…</code></td>
              <td>{one.last_used_at?.slice(0, 10) ?? say("never")}</td>
              <td>{one.expires_at?.slice(0, 10) ?? say("endless")}</td>
              <td>
                {one.revoked_at === null ? (
                  <button type="button" onClick={() => revoke(one)}>{say("revoke")}</button>
                ) : (
                  say("revoked")
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
