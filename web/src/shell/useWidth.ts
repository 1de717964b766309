import { useLayoutEffect, useState, type RefObject } from "react";

/** Width of an element in CSS px, followed; drawings made to it keep their letters as large as the page's. */
export function useWidth(element: RefObject<Element | null>, first: number): number {
  const [wide, setWide] = useState(first);
  useLayoutEffect(() => {
    const found = element.current;
    if (found === null) return;
    const look = (): void => setWide((before) => Math.round(found.getBoundingClientRect().width) || before);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(found);
    return () => watch.disconnect();
  }, [element]);
  return wide;
}
