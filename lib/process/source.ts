/** The line of shell source by which a runner is told to run a job. */

import type { RunRequest } from "../services/ports/processes.ts";
import type { Confinement } from "./confinement/confinement.ts";
import { carried, revealWords } from "./confinement/variables.ts";
import { COOKIE_VARIABLE, isExportable } from "./environment.ts";
import { MAX_ARGUMENT_BYTES, MAX_ARGUMENTS_BYTES } from "./limits.ts";
import type { Lent } from "./output/spares.ts";
import { quote } from "./quote.ts";

export interface RunPlace {
  /** What the paths of the job's files begin with. */
  stem: string;
  /** The ending of the run's record. */
  record: string;
  /** Where its outputs go, when not to their own places. */
  lent?: Lent;
  /** Milliseconds since the epoch. */
  at: number;
  /** What every job has in its environment. */
  base: Record<string, string>;
  /** In octal, as `umask` takes it. */
  umask: string;
  confinement: Confinement;
}

/** What the job's environment holds. */
export function environmentOf(request: RunRequest, base: Record<string, string>): Record<string, string> {
  return {
    ...base,
    ...request.spec.env,
    STINT_JOB_ID: String(request.jobId),
    [COOKIE_VARIABLE]: request.cookie,
  };
}

/** The words of the command: the shell and its line, or the program itself. */
function wordsOf(request: RunRequest): string[] {
  const { command, argv } = request.spec;
  return command !== undefined ? ["/bin/sh", "-c", command] : argv ?? [];
}

/** The call of the runner's `stint_run`. */
export function runSource(request: RunRequest, place: RunPlace): string {
  const { spec } = request;
  const variables = environmentOf(request, { ...place.base, ...place.confinement.environment(spec) });
  const home = place.base["HOME"] ?? "/";
  const cwd = spec.cwd === undefined ? home : spec.cwd.startsWith("/") ? spec.cwd : `${home}/${spec.cwd}`;
  const before = place.confinement.words(spec, cwd);
  const confined = before.length > 0;
  const { exported, words } = handedOver(variables, confined);
  const limited = place.confinement.isLimited(spec);
  const [first] = confined ? before : wordsOf(request);
  return [
    ...limited ? ["stint_limits=1;"] : [],
    "stint_lead; stint_run",
    place.at,
    quote(`${place.stem}.${place.record}`),
    quote(place.lent?.stdout ?? `${place.stem}.stdout`),
    quote(place.lent?.stderr ?? `${place.stem}.stderr`),
    quote(place.lent?.names ?? ""),
    quote(cwd),
    spec.stdin === undefined ? "/dev/null" : quote(`${place.stem}.stdin`),
    place.umask,
    quote(variables["PATH"] ?? ""),
    quote(spec.argv?.[0] ?? ""),
    exported.length,
    ...exported.map(quote),
    ...(confined ? [] : words),
    // Ours looks for no program, and runs no script that does not name its interpreter.
    first === "/bin/sh" ? `"$stint_leader"` : `"$stint_setsid"`,
    "--",
    ...before,
    ...(confined ? words : []),
    ...wordsOf(request).map(quote),
    ...limited ? ["; stint_unlimit"] : [],
  ].join(" ");
}

/**
 * How a job gets its variables: what is exported before anything else is run, and the words that go before the command.
 * Never as arguments where that can be helped: those are for every user of the machine to see.
 */
function handedOver(variables: Record<string, string>, confined: boolean): { exported: string[]; words: string[] } {
  const plain: string[] = [];
  const odd: string[] = [];
  for (const [name, value] of Object.entries(variables)) (isExportable(name) ? plain : odd).push(`${name}=${value}`);
  // What confines a job must not see its variables: LD_PRELOAD would have it do whatever the job likes.
  if (confined) {
    return { exported: carried([...odd, ...plain]), words: revealWords(odd.length + plain.length, odd.length) };
  }
  return { exported: plain, words: odd.length > 0 ? [`"$stint_env"`, "--", ...odd.map(quote)] : [] };
}

/** Why the system would not take the command, if it would not. */
export function refusal(request: RunRequest, base: Record<string, string>): string | undefined {
  const variables = Object.entries(environmentOf(request, base));
  if (variables.some(([name]) => name === "" || name.includes("="))) {
    return "The name of an environment variable is empty or contains =.";
  }
  const words = wordsOf(request);
  if (words.length === 0 || words[0] === "") return "There is no command.";
  const texts = [...words, ...variables.map((pair) => pair.join("=")), request.spec.cwd ?? ""];
  if (texts.some((text) => text.includes("\0"))) return "A NUL cannot be part of a command.";
  // A character takes three bytes at the most.
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length * 3 + 9 * texts.length <= MAX_ARGUMENT_BYTES) return undefined;
  const encoder = new TextEncoder();
  const sizes = texts.map((text) => encoder.encode(text).length);
  if (Math.max(...sizes) > MAX_ARGUMENT_BYTES) {
    return `An argument or variable is longer than ${MAX_ARGUMENT_BYTES} bytes, which the system does not take.`;
  }
  if (sizes.reduce((sum, size) => sum + size + 9, 0) > MAX_ARGUMENTS_BYTES) {
    return `All arguments and variables together are longer than ${MAX_ARGUMENTS_BYTES} bytes.`;
  }
  return undefined;
}
