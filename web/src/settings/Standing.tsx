import type { components } from "../api/schema";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";

export type Role = components["schemas"]["Role"];
export type Organisation = components["schemas"]["OrganisationView"];
type Known = { roles: readonly Role[]; organisation: string; sees: "all" | readonly string[] };
export const ROLES: readonly Role[] = ["operator", "reviewer", "regulator", "researcher", "administrator"];

/** The organisation that is there from the start, and its name until somebody changes it. */
const HOME = "home";

/** What somebody may, to whom they belong, whose rows they see: part of a form. */
export function Standing({ known, organisations }: { known?: Known; organisations: readonly Organisation[] }) {
  const say = useWords(peopleWords);
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
  };
}
