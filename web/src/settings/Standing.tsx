import { useState } from "react";
import type { components } from "../api/schema";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";

export type Role = components["schemas"]["Role"];
export type Organisation = components["schemas"]["OrganisationView"];
export type SeaArea = components["schemas"]["AreaView"];
type Limits = "everywhere" | readonly string[];
type Known = { roles: readonly Role[]; organisation: string; sees: "all" | readonly string[]; areas: Limits };
type Props = { known?: Known; organisations: readonly Organisation[]; areas: readonly SeaArea[] };
export const ROLES: readonly Role[] = ["operator", "reviewer", "regulator", "researcher", "administrator"];

/** The organisation that is there from the start, and its name until somebody changes it. */
const HOME = "home";

/** What somebody may, to whom they belong, what they see: part of a form. */
export function Standing({ known, organisations, areas }: Props) {
  const say = useWords(peopleWords);
  const [limited, setLimited] = useState(Array.isArray(known?.areas));
  return (
    <>
      <fieldset>
        <legend>{say("roles")}</legend>
        {ROLES.map((role) => (
          <label key={role} className="choice">
            <input type="checkbox" name="role" value={role} defaultChecked={known?.roles.includes(role) ?? false} />
            {say(role)}
          </label>
        ))}
      </fieldset>
      <label>
        {say("organisation")}{" "}
        <select name="organisation" defaultValue={known?.organisation ?? HOME}>
          {organisations.map((one) => (
            <option key={one.id} value={one.id}>
              {one.id === HOME && one.name === HOME ? say("home") : one.name}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        <input type="checkbox" name="all" defaultChecked={known?.sees === "all"} />
        {say("seesAll")}
      </label>
      {(areas.length > 0 || limited) && (
        <fieldset>
          <legend>{say("areas")}</legend>
          <label className="choice">
            <input
              type="checkbox"
              name="limited"
              checked={limited}
              onChange={(event) => setLimited(event.currentTarget.checked)}
            />
            {say("limited")}
          </label>
          {limited &&
            areas.map((one) => (
              <label key={one.id} className="choice">
                <input
                  type="checkbox"
                  name="area"
                  value={one.id}
                  defaultChecked={Array.isArray(known?.areas) && known.areas.includes(one.id)}
                />
                {one.name}
              </label>
            ))}
          {limited && <p className="quiet">{say("limitedHint")}</p>}
        </fieldset>
      )}
    </>
  );
}

/** What the form says; organisations that were given one by one stay where not all are seen. */
export function standingIn(form: FormData, before: "all" | readonly string[] = []): object {
  const kept = before === "all" ? [] : before;
  return {
    roles: form.getAll("role"),
    organisation: form.get("organisation"),
    sees: form.get("all") === null ? kept : "all",
    areas: form.get("limited") === null ? "everywhere" : form.getAll("area"),
  };
}
