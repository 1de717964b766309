import { useEffect, useState } from "react";
import type { components } from "../api/schema";
import { sendJson } from "../api/client";
import type { Instead } from "./Stage";

type ClearedView = components["schemas"]["ClearedView"];
export type Cleared = { readonly instead: Instead | null; readonly told: ClearedView | null; readonly busy: boolean; readonly error: Error | null };

/** Glint that was refilled shines through in this colour. */
const MASK: readonly [number, number, number, number] = [255, 64, 160, 120];
const NONE: Cleared = { instead: null, told: null, busy: false, error: null };

/** The frame without glint and its mask, worked out by the gateway for one paused frame; `pts` null: not wanted. */
export function useCleared(analysisId: string, pts: number | null): Cleared {
  const [state, setState] = useState<Cleared>(NONE);
  useEffect(() => {
    setState(NONE);
    if (pts === null) return;
    let wanted = true;
    setState({ ...NONE, busy: true });
    sendJson<ClearedView>(`/v1/analyses/${analysisId}/replay/cleared/${pts}`, {})
      .then(async (told) => {
        const picture = await bitmap(told.picture_jpeg, "image/jpeg");
        const mask = told.glint_fraction > 0 ? await coloured(await bitmap(told.mask_png, "image/png")) : null;
        if (wanted) setState({ instead: { pts, picture, mask }, told, busy: false, error: null });
      })
      .catch((error: Error) => {
        if (wanted) setState({ ...NONE, error });
      });
    return () => {
      wanted = false;
    };
  }, [analysisId, pts]);
  return state;
}

async function bitmap(base64: string, type: string): Promise<ImageBitmap> {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type }));
}

async function coloured(mask: ImageBitmap): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const pen = canvas.getContext("2d");
  if (pen === null) return mask;
  pen.drawImage(mask, 0, 0);
  const pixels = pen.getImageData(0, 0, mask.width, mask.height);
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data.set((pixels.data[at] ?? 0) > 127 ? MASK : [0, 0, 0, 0], at);
  pen.putImageData(pixels, 0, 0);
  return createImageBitmap(canvas);
}
