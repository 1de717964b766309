import type { Language } from "../words/words";

/** What this browser remembers. A browser that forgets (private windows) only loses comfort. */
export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function keptLanguage(): Language {
  const kept = read("language");
  if (kept === "ko" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

export function keptTheme(): Theme {
  const kept = read("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

export const keepLanguage = (language: Language): void => write("language", language);
export const keepTheme = (theme: Theme): void => write("theme", theme);

export function read(name: string): string | null {
  try {
    return localStorage.getItem(`wideberth.${name}`);
  } catch {
    return null;
  }
}

export function write(name: string, value: string): void {
  try {
    localStorage.setItem(`wideberth.${name}`, value);
  } catch {
    // The browser keeps nothing: the choice holds until the tab closes.
  }
}
