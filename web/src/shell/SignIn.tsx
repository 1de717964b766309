import { useState, type FormEvent } from "react";
import { signIn, type Session } from "../api/client";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

/** The form shown while nobody is signed in. */
export function SignIn({ onDone }: { onDone: (who: Session) => void }) {
  const say = useWords(shellWords);
  const [failed, setFailed] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    signIn(String(given.get("name")), String(given.get("password"))).then(onDone, () => setFailed(true));
  };
  return (
    <form className="card narrow" onSubmit={submit}>
      <h1>{say("signIn")}</h1>
      <label>
        {say("name")}
        <input name="name" autoComplete="username" required />
      </label>
      <label>
        {say("password")}
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {failed && <p role="alert">{say("signInFailed")}</p>}
      <button type="submit" className="main">
        {say("signIn")}
      </button>
    </form>
  );
}
