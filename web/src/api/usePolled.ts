import { useEffect } from "react";
import { useFetched, type Fetched } from "./useFetched";

/** A resource that changes: fetched again every so often while the page is seen. */
export function usePolled<T>(path: string | null, every_ms: number): Fetched<T> {
  const fetched = useFetched<T>(path);
  const { again } = fetched;
  useEffect(() => {
    if (path === null) return;
    const timer = setInterval(() => document.visibilityState === "visible" && again(), every_ms);
    return () => clearInterval(timer);
  }, [path, every_ms, again]);
  return fetched;
}
