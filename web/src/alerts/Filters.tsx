import { alertWords } from "../words/alerts";
import { useWords } from "../words/words";
import { SEVERITIES, STATUSES, type Filter } from "./alert";
import { mapBox } from "./mapBox";

type Props = { filter: Filter; rules: readonly string[]; onChange: (filter: Filter) => void };

/** What of the feed is shown. */
export function Filters({ filter, rules, onChange }: Props) {
  const say = useWords(alertWords);
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <Chips label={say("status")} all={STATUSES} chosen={filter.statuses} say={say} onChange={(statuses) => onChange({ ...filter, statuses })} />
      <Chips label={say("severity")} all={SEVERITIES} chosen={filter.severities} say={say} onChange={(severities) => onChange({ ...filter, severities })} />
      <label>
        {say("rule")}
        <select value={filter.rule} onChange={(event) => onChange({ ...filter, rule: event.target.value })}>
          <option value="">{say("all")}</option>
          {rules.map((rule) => (
            <option key={rule}>{rule}</option>
          ))}
        </select>
      </label>
      <span className="from-until">
        <label>
          {say("from")}
          <input type="date" value={filter.from} onChange={(event) => onChange({ ...filter, from: event.target.value })} />
        </label>
        <label>
          {say("until")}
          <input type="date" value={filter.until} onChange={(event) => onChange({ ...filter, until: event.target.value })} />
        </label>
      </span>
      <label className="tick">
        <input
          type="checkbox"
          checked={filter.box !== null}
          onChange={(event) => onChange({ ...filter, box: event.target.checked ? mapBox() : null })}
        />
        {say("onMap")}
      </label>
    </form>
  );
}

type ChipsProps<Key extends "candidate" | "confirmed" | "rejected" | "withdrawn" | "grave" | "serious" | "notice"> = {
  label: string;
  all: readonly Key[];
  chosen: readonly Key[];
  say: (key: Key) => string;
  onChange: (chosen: readonly Key[]) => void;
};

function Chips<Key extends "candidate" | "confirmed" | "rejected" | "withdrawn" | "grave" | "serious" | "notice">(
  { label, all, chosen, say, onChange }: ChipsProps<Key>,
) {
  return (
    <fieldset className="chips">
      <legend>{label}</legend>
      {all.map((one) => (
        <button
          key={one}
          type="button"
          className={`chip ${one}`}
          aria-pressed={chosen.includes(one)}
          onClick={() => onChange(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one])}
        >
          {say(one)}
        </button>
      ))}
    </fieldset>
  );
}
