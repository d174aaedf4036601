/** `stint ps --watch`: a list that keeps itself up to date. */

import { follow } from "../api/following.ts";
import { all, entries } from "../api/pages.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";
import { pressedKeys } from "../terminal/keys.ts";
import { Screen } from "../terminal/screen.ts";
import { plain } from "../terminal/plain.ts";
import { cut } from "../terminal/width.ts";
import { keepReading } from "./live_list.ts";
import { JOB_HEAD, jobRow, OPTIONAL, stateColour } from "./rows.ts";
import type { JobSummary } from "./types.ts";

export interface WatchOptions {
  query: URLSearchParams;
  limit: number;
  title: string;
}

/** Until q or Ctrl-C; where there is no terminal, until it is ended. */
export async function watchJobs(session: Session, options: WatchOptions): Promise<void> {
  if (session.json || !session.out.isTerminal) return await printChanges(session, options);
  const view = new ListView(session, options);
  using screen = new Screen(() => view.draw(screen));
  const over = new AbortController();
  const ticking = setInterval(() => view.draw(screen), 1000);
  const reading = keepReading(session.api, {
    types: "jobs",
    read: () => {
      const limit = Math.min(options.limit, Math.max(1, screen.size.rows - 3));
      return all(entries<JobSummary>(session.api, "/api/jobs", { member: "jobs", query: options.query, limit }));
    },
    show: (jobs) => {
      view.jobs = jobs;
      view.draw(screen);
    },
    onConnection: (trouble) => {
      view.trouble = trouble;
      view.draw(screen);
    },
    signal: over.signal,
  });
  try {
    await Promise.race([reading, quitKey()]);
  } finally {
    clearInterval(ticking);
    over.abort();
  }
}

async function quitKey(): Promise<void> {
  for await (const key of pressedKeys()) if (key === "q" || key === "ctrl-c" || key === "escape") return;
}

class ListView {
  jobs: JobSummary[] | undefined;
  trouble: string | undefined;

  constructor(private readonly session: Session, private readonly options: WatchOptions) {}

  draw(screen: Screen): void {
    const { columns, rows } = screen.size;
    const { paint } = this.session.out;
    const now = Date.now();
    const jobs = (this.jobs ?? []).slice(0, rows - 3);
    const text = table(JOB_HEAD, jobs.map((job) => jobRow(job, now)), {
      width: columns,
      optional: OPTIONAL,
      paint: (text, row, column) => {
        const colour = row < 0 ? "dim" : stateColour(jobs, row, column);
        return colour ? paint(colour, text) : text;
      },
    });
    const state = this.trouble
      ? paint("yellow", cut(plain(this.trouble), columns))
      : paint("dim", cut("q: quit", columns));
    const title = cut(plain(`${new Date(now).toLocaleTimeString("en-GB")}  ${this.options.title}`), columns);
    screen.draw([paint("bold", title), state, ...text.split("\n")]);
  }
}

/** A line for each job that changes, as a row or as JSON. */
async function printChanges({ api, out, json }: Session, { query }: WatchOptions): Promise<void> {
  const states = query.get("state")?.split(",");
  const onLoss = (error: Error) => out.note(`stint: ${error.message}; trying again`);
  for await (
    const { event, data } of follow(api, "/api/events", { query: new URLSearchParams({ types: "jobs" }), onLoss })
  ) {
    const value = JSON.parse(data);
    if (json) out.json({ event, data: value });
    // One that has just ended is news for whoever looks at what is going on.
    else if (event === "job" && (!states || states.includes(value.state) || value.done)) {
      out.print(jobRow(value as JobSummary, Date.now()).map(plain).join("\t"));
    }
  }
}
