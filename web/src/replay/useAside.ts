import { useCallback, useMemo, useState } from "react";
import type { AsideBox } from "./aside";
import type { Moments, Shown } from "./moments";

/** The one a person points at: its frame, and its place among those set aside there. */
export type Pointed = { readonly pts: number; readonly index: number };

export type Aside = {
  readonly on: boolean;
  /** Reasons whose boxes are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly pointed: Pointed | null;
  readonly show: (reason: string, on: boolean) => void;
  readonly hover: (next: Pointed | null) => void;
  /** Kept until another is clicked, or the frame changes. */
  readonly pin: (next: Pointed | null) => void;
  /** What was set aside in the frame on the screen; null between analysed frames and until it is here. */
  readonly boxes: (shown: Shown | null) => readonly AsideBox[] | null;
};

/** What was detected and set aside before tracking, and which of it is looked at. */
export function useAside(moments: Moments, on: boolean): Aside {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [hovered, hover] = useState<Pointed | null>(null);
  const [pinned, pin] = useState<Pointed | null>(null);
  const show = useCallback((reason: string, shownToo: boolean): void => {
    setHidden((before) => new Set(shownToo ? [...before].filter((one) => one !== reason) : [...before, reason]));
  }, []);
  const boxes = useCallback((shown: Shown | null) => (on && shown !== null ? moments.aside(shown) : null), [moments, on]);
  return useMemo(
    () => ({ on, hidden, pointed: on ? (hovered ?? pinned) : null, show, hover, pin, boxes }),
    [on, hidden, hovered, pinned, show, boxes],
  );
}
