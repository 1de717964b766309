import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useRole, useSession } from "../shell/who";
import { settingsWords } from "../words/settings";
import { useWords } from "../words/words";
import { Account } from "./Account";
import { Keys } from "./Keys";
import { Machine } from "./Machine";
import { Models } from "./Models";
import { Packs } from "./Packs";
import { People } from "./People";
import { Receivers } from "./Receivers";
import { Storage } from "./Storage";
import { Trail } from "./Trail";
import "./settings.css";

const PARTS = ["machine", "models", "storage", "rules", "receivers", "trail"] as const;
const OF_ADMINISTRATORS = ["people", "keys"] as const;

/** The administrator's room: health, models, storage, rule packs, receivers with what became of their deliveries, the audit trail. */
export default function SettingsRoom() {
  const say = useWords(settingsWords);
  const [place] = useLocation();
  const session = useSession();
  const administers = useRole("administrator");
  const parts = [...PARTS, ...(administers ? OF_ADMINISTRATORS : []), ...(session === null ? [] : (["account"] as const))];
  return (
    <>
      <h1>{say("title")}</h1>
      <nav className="setting-rooms" aria-label={say("parts")}>
        {parts.map((part) => (
          <Link key={part} href={`/settings/${part}`} aria-current={place === `/settings/${part}` ? "page" : undefined}>
            {say(part)}
          </Link>
        ))}
      </nav>
      <Switch>
        <Route path="/settings/machine" component={Machine} />
        <Route path="/settings/models" component={Models} />
        <Route path="/settings/storage" component={Storage} />
        <Route path="/settings/rules" component={Packs} />
        <Route path="/settings/receivers" component={Receivers} />
        <Route path="/settings/trail" component={Trail} />
        {administers && <Route path="/settings/people" component={People} />}
        {administers && <Route path="/settings/keys" component={Keys} />}
        {session !== null && <Route path="/settings/account" component={Account} />}
        <Route>
          <Redirect to="/settings/machine" />
        </Route>
      </Switch>
    </>
  );
}
