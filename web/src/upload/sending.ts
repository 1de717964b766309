import { at, wordsOf, type Problem } from "../api/client";
import { Upload, type DetailedError } from "tus-js-client";
import { csrfHeaders } from "../api/client";

/** Small enough that a broken line costs little, large enough that the round trips do not. */
const CHUNK_BYTES = 8 * 2 ** 20;
const RETRY_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000];

/** Flights sent at the same time: a line shared by many brings none of them home soon. */
const AT_ONCE = 2;
let free = AT_ONCE;
const queue: (() => void)[] = [];

/** Runs when a place is free. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((next) => queue.push(next));
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

export type Progress = { readonly done: number; readonly all: number };

export type Sending = {
  readonly result: Promise<string>;
  readonly pause: () => void;
  readonly goOn: () => void;
};

/**
 * Sends a file; the promise holds its SHA-256 once it is an original. Where it stopped is remembered by the browser, so
 * the same file goes on after the tab was closed.
 */
export function sending(file: File, onProgress: (progress: Progress) => void, onBreak: () => void): Sending {
  let sha256: string | null = null;
  let settle: { good: (sha256: string) => void; bad: (error: Error) => void } | null = null;
  const result = new Promise<string>((good, bad) => {
    settle = { good, bad };
  });
  const upload = new Upload(file, {
    // Whole, for the server answers with a place relative to it.
    endpoint: new URL(at("/v1/uploads"), window.location.href).href,
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_MS,
    metadata: { filename: file.name },
    removeFingerprintOnSuccess: true,
    onProgress: (done, all) => onProgress({ done, all }),
    onBeforeRequest: (request) => {
      for (const [name, value] of Object.entries(csrfHeaders())) request.setHeader(name, value);
    },
    onAfterResponse: (_, answer) => {
      sha256 = answer.getHeader("Wideberth-Sha256") ?? sha256;
    },
    onShouldRetry: (error) => {
      const status = (error as DetailedError).originalResponse?.getStatus() ?? 0;
      const again = status < 400 || status === 409 || status === 423 || status === 429 || status >= 500;
      if (again) onBreak();
      return again;
    },
    onSuccess: () => {
      if (sha256 !== null) settle?.good(sha256);
      else settle?.bad(new Error("the server did not say what the file became"));
    },
    onError: (error) => settle?.bad(told(error)),
  });
  const begin = async (): Promise<void> => {
    const [before] = await upload.findPreviousUploads();
    if (before !== undefined) upload.resumeFromPreviousUpload(before);
    upload.start();
  };
  void begin();
  return { result, pause: () => void upload.abort(), goOn: () => upload.start() };
}

/** What the gateway said, rather than what the library made of it. */
function told(error: Error | DetailedError): Error {
  const body = "originalResponse" in error ? error.originalResponse?.getBody() : undefined;
  try {
    return new Error(wordsOf(JSON.parse(body ?? "") as Problem, document.documentElement.lang));
  } catch {
    return error;
  }
}
