import { createContext, useContext } from "react";

/** Languages of the page. Every string exists in each: a room's words are typed so. */
export type Language = "ko" | "en";
export const LANGUAGES: readonly Language[] = ["ko", "en"];

export type Phrase = { readonly ko: string; readonly en: string };
export type Words<Key extends string = string> = Readonly<Record<Key, Phrase>>;
export type Values = Readonly<Record<string, string | number>>;

/** A room's dictionary, kept with its exact keys. */
export function words<const Key extends string>(dictionary: Words<Key>): Words<Key> {
  return dictionary;
}

/** `{name}` in a phrase is replaced by the value of that name. A name without a value stays, to be seen. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const LanguageContext = createContext<Language>("en");

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The phrases of a room in the language of the page. */
export function useWords<Key extends string>(dictionary: Words<Key>): (key: Key, values?: Values) => string {
  const language = useLanguage();
  return (key, values = {}) => fill(dictionary[key][language], values);
}
