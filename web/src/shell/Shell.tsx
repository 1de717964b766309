import { lazy, Suspense, useEffect, useState, type MouseEvent } from "react";
import { Link, Redirect, Route, Router, Switch, useLocation } from "wouter";
import { at, session, signOut, whenSignedOut, type Session } from "../api/client";
import { shellWords } from "../words/shell";
import { LANGUAGES, LanguageContext, useWords, type Language } from "../words/words";
import { keptLanguage, keptTheme, keepLanguage, keepTheme, THEMES, type Theme } from "./kept";
import { Password } from "./Password";
import { SignIn } from "./SignIn";
import { WhoContext } from "./who";

const Alerts = lazy(() => import("../alerts/AlertsRoom"));
const Replay = lazy(() => import("../replay/ReplayRoom"));
const Compare = lazy(() => import("../replay/CompareRoom"));
const Flights = lazy(() => import("../flights/FlightsRoom"));
const Upload = lazy(() => import("../upload/UploadRoom"));
const Season = lazy(() => import("../season/SeasonRoom"));
const Settings = lazy(() => import("../settings/SettingsRoom"));

/** The frame of the page: rooms, language, light, and who is signed in. */
export function Shell() {
  const [language, setLanguage] = useState<Language>(keptLanguage);
  const [theme, setTheme] = useState<Theme>(keptTheme);
  const [who, setWho] = useState<Session | "open" | null | undefined>(undefined);
  useEffect(() => {
    document.documentElement.lang = language;
    keepLanguage(language);
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    keepTheme(theme);
  }, [theme]);
  useEffect(() => {
    whenSignedOut(() => setWho(null));
    session().then(setWho, () => setWho("open"));
  }, []);
  return (
    <LanguageContext value={language}>
      <Router base={at("")}>
        <Bar {...{ language, setLanguage, theme, setTheme, who, setWho }} />
        <main id="content" tabIndex={-1}>
          <Inside who={who} setWho={setWho} />
        </main>
      </Router>
    </LanguageContext>
  );
}

function Inside({ who, setWho }: { who: Session | "open" | null | undefined; setWho: (who: Session) => void }) {
  if (who === undefined) return null;
  if (who === null) return <SignIn onDone={setWho} />;
  if (who !== "open" && who.must_change_password) return <Password who={who} onDone={setWho} />;
  return (
    <WhoContext value={who}>
      <Rooms />
    </WhoContext>
  );
}

type BarProps = {
  language: Language;
  setLanguage: (language: Language) => void;
  theme: Theme;
  setTheme: (theme: Theme) => void;
  who: Session | "open" | null | undefined;
  setWho: (who: null) => void;
};

function Bar({ language, setLanguage, theme, setTheme, who, setWho }: BarProps) {
  const say = useWords(shellWords);
  return (
    <header className="bar">
      <a className="skip" href="#content" onClick={toContent}>
        {say("skip")}
      </a>
      <Link className="brand" href="/alerts">
        Wideberth
      </Link>
      <nav aria-label={say("navigation")}>
        <Room href="/alerts" label={say("alerts")} />
        <Room href="/season" label={say("season")} />
        <Room href="/flights" label={say("flights")} />
        <Room href="/upload" label={say("upload")} />
        <Room href="/settings" label={say("settings")} />
      </nav>
      <label className="choice">
        <span>{say("language")}</span>
        <select value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
          {LANGUAGES.map((one) => (
            <option key={one} value={one}>
              {one === "ko" ? "한국어" : "English"}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        <span>{say("theme")}</span>
        <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {say(one)}
            </option>
          ))}
        </select>
      </label>
      {who !== null && typeof who === "object" && (
        <button type="button" onClick={() => void signOut().then(() => setWho(null))}>
          {say("signOut")}<span className="signed"> ({who.name})</span>
        </button>
      )}
    </header>
  );
}

/** By hand, for a bare `#content` would be of `<base>`. */
function toContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Room({ href, label }: { href: string; label: string }) {
  const [place] = useLocation();
  const here = place === href || place.startsWith(`${href}/`);
  return (
    <Link href={href} aria-current={here ? "page" : undefined}>
      {label}
    </Link>
  );
}

function Rooms() {
  const say = useWords(shellWords);
  return (
    <Suspense fallback={<p className="quiet">{say("loading")}</p>}>
      <Switch>
        <Route path="/">
          <Redirect to="/alerts" />
        </Route>
        <Route path="/alerts/*?" component={Alerts} />
        <Route path="/replay/:a/compare/:b">{({ a, b }) => <Compare a={a} b={b} />}</Route>
        <Route path="/replay/:analysisId">{({ analysisId }) => <Replay analysisId={analysisId} />}</Route>
        <Route path="/flights/*?" component={Flights} />
        <Route path="/upload" component={Upload} />
        <Route path="/season" component={Season} />
        <Route path="/settings/*?" component={Settings} />
        <Route>
          <p className="quiet">{say("nothingHere")}</p>
        </Route>
      </Switch>
    </Suspense>
  );
}
