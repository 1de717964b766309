import { Password } from "../shell/Password";
import { useSession } from "../shell/who";
import { peopleWords } from "../words/people";
import { useWords } from "../words/words";

/** Who is signed in here, and their password. */
export function Account() {
  const say = useWords(peopleWords);
  const session = useSession();
  if (session === null) return null;
  const roles = session.roles.map((role) => say(role)).join(", ");
  return (
    <>
      <p>{say("signedInAs", { name: session.name, roles })}</p>
      {session.has_password ? <Password who={session} onDone={() => undefined} /> : <p className="quiet">{say("withProvider")}</p>}
    </>
  );
}
