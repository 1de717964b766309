import { at, send } from "../api/client";
import type { Alert } from "./alert";

const PAGE = 1000;
const POLL_MS = 30_000;
const STALE_MS = 45_000;
/** News come singly; they are read and drawn together, for each drawing costs the same however much is new. */
const TOGETHER_MS = 500;

export type FeedState = {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly live: boolean;
  readonly complete: boolean;
  readonly error: Error | null;
};

type Page = { readonly cursor: string; readonly features: readonly Alert[] };

/**
 * The feed, read to its end and followed. The stream only says *that* something is new; what is new is read from the
 * feed behind the last cursor, so nothing is lost across sleep, reconnects and restarts, and nothing comes twice.
 */
export class Feed {
  private alerts = new Map<string, Alert>();
  private cursor: string | null = null;
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  private reading: Promise<void> | null = null;
  private again = false;
  private heard = 0;
  private soon: ReturnType<typeof setTimeout> | null = null;
  private state: FeedState = { alerts: this.alerts, live: false, complete: false, error: null };
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  };

  readonly snapshot = (): FeedState => this.state;

  /** Read what is new. Calls while one reading goes on become one further reading. */
  readonly read = (): void => {
    if (this.reading !== null) {
      this.again = true;
      return;
    }
    this.reading = this.readToEnd().finally(() => {
      this.reading = null;
      if (this.again) {
        this.again = false;
        this.read();
      }
    });
  };

  private async readToEnd(): Promise<void> {
    try {
      for (;;) {
        const query = new URLSearchParams({ limit: String(PAGE) });
        if (this.cursor !== null) query.set("cursor", this.cursor);
        const page = (await (await send(`/v1/collections/alerts/items?${query}`)).json()) as Page;
        if (page.features.length > 0) {
          this.alerts = new Map(this.alerts);
          for (const one of page.features) this.alerts.set(one.id, one);
        }
        this.cursor = page.cursor;
        const complete = page.features.length < PAGE;
        this.tell({ alerts: this.alerts, complete, error: null });
        if (complete) return;
      }
    } catch (error) {
      this.tell({ error: error as Error });
    }
  }

  private open(): void {
    this.read();
    this.listen();
    this.timer = setInterval(() => {
      // A stream that sleeps with the machine may stay open and silent: read again whatever it says.
      if (this.source?.readyState === EventSource.CLOSED || Date.now() - this.heard > STALE_MS) this.listen();
      this.read();
    }, POLL_MS);
    document.addEventListener("visibilitychange", this.awake);
    window.addEventListener("online", this.awake);
  }

  private readonly awake = (): void => {
    if (document.visibilityState === "visible") this.read();
  };

  private listen(): void {
    this.source?.close();
    this.heard = Date.now();
    const source = new EventSource(at("/v1/alerts/stream"));
    source.onopen = () => {
      this.heard = Date.now();
      this.tell({ live: true });
      this.read();
    };
    source.onerror = () => this.tell({ live: false });
    const news = (): void => {
      this.heard = Date.now();
      this.soon ??= setTimeout(() => {
        this.soon = null;
        this.read();
      }, TOGETHER_MS);
    };
    source.onmessage = news;
    source.addEventListener("alert", news);
    this.source = source;
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    if (this.timer !== null) clearInterval(this.timer);
    if (this.soon !== null) clearTimeout(this.soon);
    this.soon = null;
    document.removeEventListener("visibilitychange", this.awake);
    window.removeEventListener("online", this.awake);
    this.tell({ live: false });
  }

  private tell(change: Partial<FeedState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** One feed for the page, whatever room is open. */
let shared: Feed | null = null;
export function feed(): Feed {
  shared ??= new Feed();
  return shared;
}
