import { useEffect, useState, type FormEvent } from "react";
import { ApiError, at, provider, signIn, type Session } from "../api/client";
import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

/** The form shown while nobody is signed in. */
export function SignIn({ onDone }: { onDone: (who: Session) => void }) {
  const say = useWords(shellWords);
  const [failed, setFailed] = useState<Error | null>(null);
  const [elsewhere, setElsewhere] = useState<string | null>(null);
  useEffect(() => {
    provider().then(setElsewhere, () => setElsewhere(null));
  }, []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    signIn(String(given.get("name")), String(given.get("password"))).then(onDone, setFailed);
  };
  const wrong = failed instanceof ApiError && failed.problem.status === 401;
  return (
    <form className="card narrow" onSubmit={submit}>
      <h1>{say("signIn")}</h1>
      <label>
        {say("name")}
        <input name="name" autoComplete="username" required maxLength={100} />
      </label>
      <label>
        {say("password")}
        <input name="password" type="password" autoComplete="current-password" required maxLength={200} />
      </label>
      {failed !== null && <p role="alert">{wrong ? say("signInFailed") : failed.message}</p>}
      <button type="submit" className="main">
        {say("signIn")}
      </button>
      {elsewhere !== null && (
        <p>
          <a href={at("/v1/session/provider")}>{say("signInAt", { provider: elsewhere })}</a>
        </p>
      )}
    </form>
  );
}
