import { useState, type FormEvent } from "react";
import { send, sendJson } from "../api/client";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";
import type { SeaArea } from "./Standing";

type Props = { areas: readonly SeaArea[]; after: (done: Promise<unknown>) => void };

/** Sea areas to which what somebody sees may be limited: added from a GeoJSON file, removed. */
export function Areas({ areas, after }: Props) {
  const say = useWords(peopleWords);
  const [wrong, setWrong] = useState<string | null>(null);
  const add = async (form: HTMLFormElement): Promise<void> => {
    const given = new FormData(form);
    const file = given.get("outline") as File;
    try {
      const outline: unknown = JSON.parse(await file.text());
      setWrong(null);
      after(sendJson("/v1/areas", { name: given.get("name"), outline }));
    } catch {
      setWrong(say("notJson", { file: file.name }));
    }
  };
  const remove = (one: SeaArea): void => {
    if (!window.confirm(say("removeSure", { name: one.name }))) return;
    after(send(`/v1/areas/${one.id}`, { method: "DELETE" }));
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void add(event.currentTarget);
  };
  return (
    <form className="card form" onSubmit={submit}>
      <h2>{say("newArea")}</h2>
      {wrong !== null && <p role="alert">{wrong}</p>}
      {areas.map((one) => (
        <p key={one.id} className="steps">
          {one.name} · {say("corners", { count: one.corners.length })}
          <button type="button" onClick={() => remove(one)}>{say("remove")}</button>
        </p>
      ))}
      <label>
        {say("areaName")}
        <input name="name" required maxLength={100} autoComplete="off" />
      </label>
      <label>
        {say("outline")}
        <input name="outline" type="file" required accept=".json,.geojson" />
      </label>
      <button type="submit">{say("add")}</button>
    </form>
  );
}
