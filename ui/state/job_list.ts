/** The list of jobs: pages of the API as far as somebody has scrolled, and every change since. */

import { signal } from "@preact/signals";
import { call, isAbort, messageOf, nextPage } from "../api/client.ts";
import type { ServerEvent } from "../api/event_parser.ts";
import type { JobList as Page, JobSummary } from "../api/schema.ts";
import { type Filters, NO_FILTERS, queryOf } from "../logic/filters.ts";
import { OrderedRows } from "../logic/ordered_rows.ts";
import { type Row, rowOf } from "../logic/row.ts";

/** The first page is what a screen shows; later ones are fetched while there is still much to scroll through. */
const [FIRST_PAGE, NEXT_PAGE] = [200, 1000];
const AHEAD = 2000;

/** Jobs that changed, as they are now, and ids of those that are gone. */
interface Changes {
  changed: Map<number, Row>;
  gone: Set<number>;
}

export class JobList {
  /** Rises with every change of the rows. */
  readonly version = signal(0);
  readonly loading = signal(true);
  readonly failure = signal<string | null>(null);
  /** Index of the first row that is on the screen: rows that come in above it must not move it. */
  top = 0;
  onShift: (rows: number) => void = () => {};
  #ordered = new OrderedRows(NO_FILTERS);
  /** What was asked for last; what is shown is that only once it has come. */
  #asked: Filters = NO_FILTERS;
  #next: string | undefined;
  #busy: AbortController | undefined;
  /** What has changed while a page was on its way, which may be older than that. */
  #meanwhile: Changes = { changed: new Map(), gone: new Set() };
  #headTimer: ReturnType<typeof setTimeout> | undefined;

  get rows(): readonly Row[] {
    return this.#ordered.rows;
  }

  get complete(): boolean {
    return this.#ordered.complete;
  }

  get(id: number): Row | undefined {
    return this.#ordered.get(id);
  }

  indexOf(id: number): number {
    return this.#ordered.indexOf(id);
  }

  /** Shows what these filters let through, from the beginning. What is there stays until the answer comes. */
  async show(filters: Filters): Promise<void> {
    this.#asked = filters;
    const fresh = new OrderedRows(filters);
    const query = queryOf(filters);
    query.set("limit", String(FIRST_PAGE));
    this.loading.value = true;
    await this.#read(`/api/jobs?${query}`, fresh, () => {
      this.#ordered = fresh;
    });
  }

  /** Asks again for what it could not get. */
  async again(): Promise<void> {
    await this.show(this.#asked);
  }

  /** Fetches the next page when fewer than {@link AHEAD} rows come after `index`. */
  reach(index: number): void {
    if (this.#busy || this.complete || !this.#next || index + AHEAD < this.rows.length) return;
    const next = new URL(this.#next, location.origin);
    next.searchParams.set("limit", String(NEXT_PAGE));
    this.#read(next.pathname + next.search, this.#ordered);
  }

  take(events: readonly ServerEvent[]): void {
    const changes: Changes = { changed: new Map(), gone: new Set() };
    note(events, changes);
    if (this.#busy) note(events, this.#meanwhile);
    const { changed, gone } = changes;
    if (changed.size + gone.size === 0) return;
    const { above, ask } = this.#ordered.change([...changed.values()], gone, this.top);
    if (ask) this.#askForHead();
    this.version.value++;
    if (above !== 0) this.onShift(above);
  }

  close(): void {
    this.#busy?.abort();
    clearTimeout(this.#headTimer);
  }

  async #read(url: string, into: OrderedRows, then = () => {}): Promise<void> {
    this.#busy?.abort();
    const busy = this.#busy = new AbortController();
    const { changed, gone } = this.#meanwhile = { changed: new Map(), gone: new Set() };
    try {
      const { data, headers } = await call<Page>("GET", url, { signal: busy.signal });
      into.append(data.jobs.map(rowOf));
      into.change([...changed.values()], gone, 0);
      this.#next = nextPage(headers);
      into.complete = this.#next === undefined;
      this.failure.value = null;
      then();
    } catch (error) {
      if (!isAbort(error)) this.failure.value = messageOf(error);
      if (this.#busy !== busy) return;
    }
    if (this.#busy === busy) this.#busy = undefined;
    this.loading.value = false;
    this.version.value++;
  }

  /** A job may have come to match by what it printed: the first page says. */
  #askForHead(): void {
    this.#headTimer ??= setTimeout(async () => {
      this.#headTimer = undefined;
      const ordered = this.#ordered;
      const query = queryOf(ordered.filters);
      query.set("limit", "100");
      const { data } = await call<Page>("GET", "/api/jobs", { query }).catch(() => ({ data: { jobs: [] } }));
      if (ordered !== this.#ordered) return;
      for (const row of data.jobs.map(rowOf)) if (!ordered.get(row.id)) ordered.insert(row);
      this.version.value++;
    }, 500);
  }
}

function note(events: readonly ServerEvent[], { changed, gone }: Changes): void {
  for (const { type, data } of events) {
    if (type === "job") {
      const job: JobSummary = JSON.parse(data);
      changed.set(job.job_id, rowOf(job));
      gone.delete(job.job_id);
    } else if (type === "job_removed") {
      const { job_id }: { job_id: number } = JSON.parse(data);
      gone.add(job_id);
      changed.delete(job_id);
    }
  }
}
