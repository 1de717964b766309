import type { components } from "./schema";

/** What the gateway says when something is wrong: RFC 9457, with where and the remedy. */
export type Problem = {
  readonly title: string;
  readonly detail?: string;
  readonly where?: string | null;
  readonly remedy?: string | null;
  readonly korean?: string | null;
  readonly status: number;
};

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(wordsOf(problem, document.documentElement.lang));
  }
}

/** A problem in the language of the page; where it was found is named in either. */
export function wordsOf(problem: Omit<Problem, "status">, language: string): string {
  const english = [problem.detail ?? problem.title, problem.remedy];
  const told = language === "ko" && problem.korean != null ? [problem.korean] : english;
  // The address of a question to the gateway is no place that a person knows.
  const where = problem.where?.startsWith("/v1/") === true ? null : problem.where;
  return [told[0], where, told[1]].filter(Boolean).join(" · ");
}

/** Who is signed in, as `/v1/session` tells. */
export type Session = components["schemas"]["SessionView"];

let csrf: string | null = null;
let onSignedOut: (() => void) | null = null;

/** What is told when a session has ended meanwhile. */
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** What goes along with whatever changes something: a page of another site does not know it. */
export function csrfHeaders(): Record<string, string> {
  return csrf === null ? {} : { "X-CSRF-Token": csrf };
}

/**
 * An address of the gateway as this page must ask for it: below the prefix of a proxy, where there is one. The gateway
 * tells the page where it lies by `<base>`, relative to the address asked for; without it (`npm run dev`) it is the root.
 */
export function at(path: string): string {
  if (typeof document === "undefined" || document.querySelector("base") === null) return path;
  return new URL(document.baseURI).pathname.replace(/\/$/, "") + path;
}

const SAFE = new Set(["GET", "HEAD"]);

/** Sends to the gateway. Throws `ApiError` with what the gateway said. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!SAFE.has(init.method ?? "GET")) for (const [name, value] of Object.entries(csrfHeaders())) headers.set(name, value);
  const answer = await fetch(at(path), { ...init, headers, credentials: "same-origin" });
  if (answer.status === 401 && csrf !== null && !headers.has("Authorization") && !path.startsWith("/v1/session")) {
    csrf = null;
    onSignedOut?.();
  }
  if (!answer.ok) throw new ApiError(await problemOf(answer));
  return answer;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await send(path, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  return (await answer.json()) as T;
}

export async function sendJson<T>(path: string, body: unknown, method = "POST"): Promise<T> {
  const answer = await send(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The session of this browser; null where nobody is signed in, "open" where the gateway knows no sign-in. */
export async function session(): Promise<Session | "open" | null> {
  const answer = await fetch(at("/v1/session"), { credentials: "same-origin" });
  if (answer.status === 404) return "open";
  if (answer.status === 401) return null;
  if (!answer.ok) throw new ApiError(await problemOf(answer));
  return keep((await answer.json()) as Session);
}

export async function signIn(name: string, password: string): Promise<Session> {
  return keep(await sendJson<Session>("/v1/session", { name, password }));
}

/** How one may sign in: the name of an OpenID provider, where there is one. */
export async function provider(): Promise<string | null> {
  return (await getJson<components["schemas"]["WaysView"]>("/v1/session/ways")).provider;
}

/** Another password; all sessions end but the one that goes on here. */
export async function changePassword(old: string, next: string): Promise<Session> {
  return keep(await sendJson<Session>("/v1/session/password", { old, new: next }, "PUT"));
}

export async function signOut(): Promise<void> {
  await send("/v1/session", { method: "DELETE" });
  csrf = null;
}

function keep(found: Session): Session {
  csrf = found.csrf;
  return found;
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    return { title: answer.statusText, ...((await answer.json()) as object), status: answer.status };
  } catch {
    return { title: answer.statusText || String(answer.status), status: answer.status };
  }
}
