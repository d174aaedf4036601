/** Problem documents (RFC 9457) of the server, as errors for people. */

import type { components } from "../../openapi/types.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";

export type ProblemView = components["schemas"]["Problem"];

/** The server refused. */
export class Refusal extends CliError {
  constructor(
    readonly status: number,
    readonly problem: Partial<ProblemView>,
    readonly retryAfter: number | undefined,
  ) {
    super(messageOf(status, problem), exitCodeOf(status, problem.code), hintOf(status, problem.code));
  }
}

/** What was asked for; nothing where that was refused with one of these statuses. */
export async function unless<T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && statuses.includes(error.status)) return undefined;
    throw error;
  }
}

/** Reads the body of an answer that is no success. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text();
  const after = response.headers.get("retry-after");
  const retryAfter = after === null || !/^\d+$/.test(after) ? undefined : Number(after);
  return new Refusal(response.status, parse(text), retryAfter);
}

function parse(text: string): Partial<ProblemView> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    // Whatever stands between us and the server speaks otherwise.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function messageOf(status: number, { title, detail, errors }: Partial<ProblemView>): string {
  const fields = (errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  const text = detail ?? title ?? `The server answered ${status}.`;
  return fields.length > 0 ? `${text} ${fields.join("; ")}` : text;
}

const BY_STATUS: Record<number, number> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.conflict,
  410: EXIT.notFound,
  412: EXIT.conflict,
  413: EXIT.usage,
  422: EXIT.conflict,
  429: EXIT.later,
  503: EXIT.later,
  507: EXIT.storage,
};

/** The exit code for a status and, where that says too little, a problem's code. */
export function exitCodeOf(status: number, code?: string): number {
  if (code === "storage_failed") return EXIT.storage;
  if (code === "worker_unknown" || code === "worker_expired") return EXIT.notFound;
  if (status === 400 && code === "invalid_transition") return EXIT.conflict;
  return BY_STATUS[status] ?? EXIT.failed;
}

function hintOf(status: number, code?: string): string | undefined {
  if (status === 401) {
    return "Give a token: set STINT_TOKEN, use --token-file FILE, or keep it in the configuration file. " +
      "`stint token create --name NAME --scope SCOPES` makes one on the server's machine.";
  }
  if (code === "insufficient_scope") return "`stint status` shows what the token may do.";
  if (code === "queue_full") {
    return "`stint queue show` tells how full it is; try again later, or choose another --queue.";
  }
  if (code === "precondition_failed") return "`stint get --json KEY` and `stint keys` show versions.";
  if (code === "no_slot") return "All slots are taken: `stint ps` shows by what. Try again later.";
  if (code === "storage_full") return "Make room on the server's disk; `stint rm` removes jobs with their output.";
  return undefined;
}
