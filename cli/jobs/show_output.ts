/** Shows what jobs print: standard output on standard output, standard error on standard error. */

import { wholeCharacters } from "../../lib/services/jobs/watching/characters.ts";
import type { Session } from "../session.ts";
import { writeAll } from "../output.ts";
import type { Colour } from "../terminal/colour.ts";
import { type Piece, pieces, type Places, type Stream, tailStart } from "./pieces.ts";
import { Prefixer } from "./prefix.ts";
import type { Job } from "./types.ts";

export interface ShowOptions {
  /** Only the last so many lines of each output, and what comes after. */
  tail?: number;
  only?: Stream;
  signal?: AbortSignal;
  /** How many columns the prefix has; without it there is none. */
  prefixWidth?: number;
}

const TARGETS = { stdout: Deno.stdout, stderr: Deno.stderr };

/** Follows a job until it has ended; resolves with it, or with nothing when `signal` aborts. */
export async function showFollowed(session: Session, id: number, options: ShowOptions = {}): Promise<Job | undefined> {
  const { api, out } = session;
  const show = shower(session, id, options);
  const from = options.tail === undefined ? undefined : await tailPlaces(session, id, options.tail);
  const stream = pieces(api, id, {
    from,
    signal: options.signal,
    onLoss: (error) => out.note(out.errPaint("yellow", `stint: ${error.message}; trying again`)),
    onReturn: () => out.note(out.errPaint("yellow", "stint: connected again")),
  });
  try {
    while (true) {
      const { done, value } = await stream.next();
      if (done) {
        show.end();
        if (value && session.json) out.json(record(id, { event: "end", data: value }));
        return value;
      }
      show.piece(value);
    }
  } finally {
    await stream.return(undefined);
  }
}

async function tailPlaces({ api }: Session, id: number, lines: number): Promise<Places> {
  const [stdout, stderr] = await Promise.all([
    tailStart(api, id, "stdout", lines),
    tailStart(api, id, "stderr", lines),
  ]);
  return { stdout, stderr };
}

/** Shows what is there now, and ends. */
export async function showPresent(session: Session, id: number, options: ShowOptions = {}): Promise<void> {
  const { api } = session;
  const streams = options.only ? [options.only] : ["stdout", "stderr"] as const;
  if (session.json) {
    for (const stream of streams) await printText(session, id, stream, options.tail);
    return;
  }
  const query = new URLSearchParams(options.tail === undefined ? {} : { tail: String(options.tail) });
  const show = shower(session, id, options);
  for (const stream of streams) {
    const response = await api.request("GET", `/api/jobs/${id}/${stream}`, { query });
    for await (const bytes of api.pieces(response)) show.piece({ stream, bytes });
  }
  show.end();
}

/** One output as lines of JSON, as the events of a job that is followed have it; `offset` counts bytes. */
async function printText({ api, out }: Session, id: number, stream: Stream, tail: number | undefined): Promise<void> {
  let offset = tail === undefined ? 0 : await tailStart(api, id, stream, tail);
  const headers = offset === 0 ? undefined : { range: `bytes=${offset}-` };
  const response = await api.request("GET", `/api/jobs/${id}/${stream}`, { headers, allow: [416] });
  if (response.status === 416) return await response.body?.cancel();
  let rest: Uint8Array = new Uint8Array();
  const print = (bytes: Uint8Array) => {
    if (bytes.length > 0) out.json(record(id, { event: stream, data: { offset, text: decoder.decode(bytes) } }));
    offset += bytes.length;
  };
  for await (const bytes of api.pieces(response)) {
    const whole = joined(rest, bytes);
    const end = wholeCharacters(whole);
    print(whole.subarray(0, end));
    rest = whole.slice(end);
  }
  print(rest);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

interface Shower {
  piece(piece: Pick<Piece, "stream" | "bytes"> & Partial<Piece>): void;
  end(): void;
}

function shower(session: Session, id: number, { only, prefixWidth }: ShowOptions): Shower {
  const prefixers = prefixWidth === undefined ? undefined : prefixersOf(session, id, prefixWidth);
  return {
    piece({ stream, bytes, event }) {
      if (only && stream !== only) return;
      if (session.json && event) session.out.json(record(id, event));
      else writeAll(TARGETS[stream], prefixers ? prefixers[stream].push(bytes) : bytes);
    },
    end() {
      for (const stream of ["stdout", "stderr"] as const) {
        if (prefixers) writeAll(TARGETS[stream], prefixers[stream].end());
      }
    },
  };
}

/** An event as a line of JSON. */
function record(id: number, { event, data }: { event: string; data: unknown }) {
  return { job_id: id, event, data };
}

const COLOURS: readonly Colour[] = ["cyan", "yellow", "green", "magenta", "blue", "red"];

function prefixersOf({ out }: Session, id: number, width: number): Record<Stream, Prefixer> {
  const colour = COLOURS[id % COLOURS.length]!;
  const text = `${String(id).padStart(width)} | `;
  return { stdout: new Prefixer(out.paint(colour, text)), stderr: new Prefixer(out.errPaint(colour, text)) };
}
