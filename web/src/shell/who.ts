import { createContext, useContext } from "react";
import type { Session } from "../api/client";

/** Who is signed in; "open" where nobody has to. */
export type Who = Session | "open";

export const WhoContext = createContext<Who>("open");

/** The session; null where nobody has to sign in, and a key is typed for what needs a name. */
export function useSession(): Session | null {
  const who = useContext(WhoContext);
  return who === "open" ? null : who;
}

export function useRole(role: Session["roles"][number]): boolean {
  return useSession()?.roles.includes(role) ?? false;
}
