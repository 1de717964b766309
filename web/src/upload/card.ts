import { sendJson } from "../api/client";
import type { components } from "../api/schema";

/** Parts of one recording, in order; which files belong together is the gateway's answer. */
export type Recording = { readonly key: string; readonly parts: readonly { readonly video: File; readonly telemetry: File | null }[] };
export type Card = { readonly recordings: readonly Recording[]; readonly alone: readonly File[]; readonly leftOut: number };

type CardView = components["schemas"]["CardView"];

export const keyOf = (file: File): string => `${file.name}:${file.size}:${file.lastModified}`;

/** The files of a card as the gateway would put them together. */
export async function sorted(files: readonly File[]): Promise<Card> {
  const named = files.map((file) => ({ name: file.name, size_bytes: file.size }));
  return cardOf(files, await sendJson<CardView>("/v1/flights/card", { files: named }));
}

export function cardOf(files: readonly File[], told: CardView): Card {
  const of = (place: number): File => {
    const file = files[place];
    if (file === undefined) throw new Error(`the gateway told of file ${place} of ${files.length}`);
    return file;
  };
  return {
    recordings: told.recordings.map((parts) => {
      const found = parts.map((part) => ({ video: of(part.video), telemetry: part.telemetry === null ? null : of(part.telemetry) }));
      return { key: found.map((part) => keyOf(part.video)).join("\n"), parts: found };
    }),
    alone: told.alone.map(of),
    leftOut: told.left_out.length,
  };
}

/** Files of what was dropped, folders walked to their end. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = await Promise.all(entries.map(walked));
  return files.flat();
}

async function walked(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((good, bad) => (entry as FileSystemFileEntry).file(good, bad))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A folder is told in pieces of about a hundred.
    const some = await new Promise<FileSystemEntry[]>((good, bad) => reader.readEntries(good, bad));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await walked(one)));
  }
}
