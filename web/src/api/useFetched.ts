import { useCallback, useEffect, useState } from "react";
import { getJson } from "./client";

export type Fetched<T> = {
  readonly value: T | null;
  readonly error: Error | null;
  readonly again: () => void;
};

/** A resource of the gateway; fetched when the path changes and when `again` is called. `null` fetches nothing. */
export function useFetched<T>(path: string | null): Fetched<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ path: string | null; value: T | null; error: Error | null }>({
    path: null,
    value: null,
    error: null,
  });
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    getJson<T>(path, stop.signal).then(
      (value) => setState({ path, value, error: null }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ path, value: before.path === path ? before.value : null, error: error as Error }));
      },
    );
    return () => stop.abort();
  }, [path, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const here = state.path === path;
  return { value: here ? state.value : null, error: here ? state.error : null, again };
}
