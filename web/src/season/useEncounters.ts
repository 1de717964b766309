import { useEffect, useState } from "react";
import { getJson } from "../api/client";
import type { components } from "../api/schema";
import type { Encounter } from "./season";

type Page = components["schemas"]["SeasonView"];
export type Season = { readonly encounters: readonly Encounter[]; readonly notReadable: number };

const PAGE = 5000;

/** All encounters, page by page; null until the last page is there. */
export function useEncounters(): { season: Season | null; error: Error | null } {
  const [season, setSeason] = useState<Season | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      const found: Encounter[] = [];
      for (let offset: number | null = 0; offset !== null; ) {
        const page: Page = await getJson<Page>(`/v1/season/encounters?limit=${PAGE}&offset=${offset}`, stop.signal);
        found.push(...page.encounters);
        offset = page.next_offset;
        if (offset === null) setSeason({ encounters: found, notReadable: Object.keys(page.not_readable).length });
      }
    };
    read().catch((wrong: Error) => {
      if (!stop.signal.aborted) setError(wrong);
    });
    return () => stop.abort();
  }, []);
  return { season, error };
}
