import { useState, type FormEvent } from "react";
import { changePassword, type Session } from "../api/client";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

/** Another password; asked for at once of whoever has one that was given to them. */
export function Password({ who, onDone }: { who: Session; onDone: (who: Session) => void }) {
  const say = useWords(shellWords);
  const [said, setSaid] = useState<{ text: string; wrong: boolean } | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    if (given.get("new") !== given.get("again")) {
      setSaid({ text: say("notTheSame"), wrong: true });
      return;
    }
    changePassword(String(given.get("old")), String(given.get("new"))).then(
      (session) => {
        form.reset();
        setSaid({ text: say("passwordChanged"), wrong: false });
        onDone(session);
      },
      (error: Error) => setSaid({ text: error.message, wrong: true }),
    );
  };
  return (
    <form className="card narrow" onSubmit={submit}>
      <h1>{say("changePassword")}</h1>
      {who.must_change_password && <p>{say("oneTime")}</p>}
      <input type="hidden" name="username" autoComplete="username" value={who.name} readOnly />
      <label>
        {say("oldPassword")}
        <input name="old" type="password" autoComplete="current-password" required maxLength={200} />
      </label>
      <label>
        {say("newPassword")}
        <input name="new" type="password" autoComplete="new-password" required minLength={12} maxLength={200} />
      </label>
      <label>
        {say("newAgain")}
        <input name="again" type="password" autoComplete="new-password" required minLength={12} maxLength={200} />
      </label>
      {said !== null && <p role={said.wrong ? "alert" : "status"}>{said.text}</p>}
      <button type="submit" className="main">
        {say("changePassword")}
      </button>
    </form>
  );
}
