import { useEffect, useState, type FormEvent } from "react";
import { keptKey, withKey } from "../alerts/reviewerKey";
import { send } from "../api/client";
import type { components } from "../api/schema";
import { useSession } from "../shell/who";
import { settingsWords } from "../words/settings";
import { useWords } from "../words/words";
import { Deliveries } from "./Deliveries";

type Receiver = components["schemas"]["WebhookShown"];

/** Receivers of alerts: those there are, a new one, and what became of each delivery. */
export function Receivers() {
  const say = useWords(settingsWords);
  const session = useSession();
  const [key, setKey] = useState(keptKey.get);
  const [found, setFound] = useState<readonly Receiver[] | null>(null);
  const [made, setMade] = useState<Receiver | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const failed = (error: Error): void => setWrong(error.message);
  const look = (): void => {
    send("/v1/webhooks", { headers: withKey({}) })
      .then(async (answer) => setFound((await answer.json()) as Receiver[]))
      .then(() => setWrong(null), failed);
  };
  const remove = (one: Receiver): void => {
    if (!window.confirm(say("removeSure", { url: one.url }))) return;
    send(`/v1/webhooks/${one.id}`, { method: "DELETE", headers: withKey({}) }).then(look, failed);
  };
  useEffect(() => {
    if (session !== null) look();
  }, [session]);
  const asked = (event: FormEvent): void => {
    event.preventDefault();
    keptKey.set(key);
    look();
  };
  return (
    <>
      {session === null && <form className="card form" onSubmit={asked}>
        <label>
          {say("key")}
          <input type="password" autoComplete="off" value={key} onChange={(event) => setKey(event.target.value)} />
        </label>
        <p className="quiet">{say("keyHint")}</p>
        <button type="submit" className="main">{say("show")}</button>
      </form>}
      {wrong !== null && <p role="alert">{wrong}</p>}
      {found?.length === 0 && <p className="quiet">{say("noReceivers")}</p>}
      {found?.map((one) => (
        <section className="card" key={one.id}>
          <h2>{one.url}</h2>
          <p className="quiet">
            {say(one.form)} · {one.changes.join(", ")}
          </p>
          {one.disabled_because === null ? (
            <button type="button" onClick={() => remove(one)}>{say("remove")}</button>
          ) : (
            <p>{say("disabled", { because: one.disabled_because })}</p>
          )}
          <Deliveries receiver={one.id} />
        </section>
      ))}
      {made?.secret != null && (
        <p className="card" role="status">
          {say("secret")} <code>{made.secret}</code>
        </p>
      )}
      {found !== null && <Adding onWrong={failed} onMade={(one) => { setMade(one); look(); }} />}
    </>
  );
}

function Adding({ onMade, onWrong }: { onMade: (one: Receiver) => void; onWrong: (error: Error) => void }) {
  const say = useWords(settingsWords);
  const [form, setForm] = useState<Receiver["form"]>("standard");
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body = { url: given.get("url"), form, ...(form === "gundi" ? { api_key: given.get("api_key") } : {}) };
    send("/v1/webhooks", {
      method: "POST",
      headers: withKey({ "Content-Type": "application/json" }),
      body: JSON.stringify(body),
    }).then(async (answer) => onMade((await answer.json()) as Receiver)).catch(onWrong);
  };
  return (
    <form className="card form" onSubmit={add}>
      <h2>{say("addReceiver")}</h2>
      <label>
        {say("url")}
        <input name="url" type="url" required maxLength={2000} />
      </label>
      <label>
        {say("form")}{" "}
        <select value={form} onChange={(event) => setForm(event.target.value as Receiver["form"])}>
          <option value="standard">{say("standard")}</option>
          <option value="gundi">{say("gundi")}</option>
        </select>
      </label>
      {form === "gundi" && (
        <label>
          {say("gundiKey")}
          <input name="api_key" type="password" autoComplete="off" required />
        </label>
      )}
      <button type="submit">{say("addReceiver")}</button>
    </form>
  );
}
