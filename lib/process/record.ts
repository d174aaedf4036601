/**
 * The record of a run: a few lines that the runner writes as it goes, and all that is known of the run afterwards.
 *
 *     lent STDOUT STDERR            not there unless its outputs began as files that were lent, by these names
 *     0m0.010s 0m0.000s             processor time of the runner so far: its own, then its children's
 *     0m0.050s 0m0.020s
 *     started BOOT PID START AT GROUP
 *                                   AT: milliseconds since the epoch; START as in proc(5), field 22 of stat;
 *                                   GROUP: directory of its control group, not there where there is none
 *     Killed                        what the shell says when a signal ended the command
 *     0m0.010s 0m0.000s             processor time again; the difference is the command's
 *     0m0.060s 0m0.030s
 *     broke LIMIT                   not there unless the control group says that it came up against its limit
 *     left                          not there unless some of it was still in the control group, which is its own then
 *     exited CODE                   and the names of the outputs that were empty then: `stdout`, `stderr`, both or none
 *
 * or `not_started REASON`, or `claimed`: by a server, so that the run can never begin. A line that lacks its newline is
 * not yet written.
 */

import type { Breach } from "../domain/confinement.ts";
import type { RunEnd } from "../services/ports/processes.ts";
import type { JobSpec } from "../domain/job.ts";
import { signalOf } from "./signals.ts";

/** What a process is known by: ids come round, but not within one boot with the same start time. */
export interface Identity {
  boot: string;
  pid: number;
  /** In clock ticks since boot, as the kernel writes it. */
  start: string;
  /** Directory of the control group that holds its processes and nobody else's. */
  group?: string;
}

/** Processor time; seconds. */
export interface Cpu {
  user: number;
  system: number;
}

export interface RunRecord {
  claimed: boolean;
  identity?: Identity;
  /** Milliseconds since the epoch. */
  started?: number;
  /** Why the command could not be run, by code. */
  refused?: string;
  /** The limit that it came up against. */
  broke?: Breach;
  exit?: { code: number; killed: boolean; cpu: Cpu | null };
  /** Names of the files that were lent to it as its outputs, unless it has given them back. */
  lent?: [stdout: string | undefined, stderr: string | undefined];
}

/** Reads a record; what it does not (yet) say is not there. */
export function parseRecord(text: string): RunRecord {
  const lines = text.split("\n").slice(0, -1);
  const record: RunRecord = { claimed: false };
  const times: Cpu[] = [];
  let noise = false;
  let left = false;
  let empty: string[] = [];
  for (const line of lines) {
    const words = line.split(" ");
    const time = parseTimes(line);
    if (time) times.push(time);
    else if (line === "claimed") record.claimed = true;
    else if (words[0] === "not_started" && words[1]) record.refused = words[1];
    else if (words[0] === "left") left = true;
    else if (words[0] === "lent" && words.length === 3) record.lent = [words[1]!, words[2]!];
    else if (words[0] === "broke") record.broke = words[1] as Breach;
    else if (words[0] === "started" && (words.length === 5 || words.length === 6)) {
      record.identity = identityOf(words.slice(1, 4), words[5]);
      record.started = Number(words[4]);
    } else if (words[0] === "exited" && words.length > 1 && words.slice(2).every(isOutput)) {
      record.exit = { code: Number(words[1]), killed: noise, cpu: spent(times) };
      empty = words.slice(2);
    } else if (record.identity) noise = true;
  }
  // Nobody was left who might write to them: they may be another job's by now.
  if (record.refused) delete record.lent;
  if (record.lent && !left && record.identity?.group) {
    const [stdout, stderr] = record.lent;
    record.lent = [empty.includes("stdout") ? undefined : stdout, empty.includes("stderr") ? undefined : stderr];
  }
  // Its keeper may have given the group to the next job.
  if (record.exit && !left) delete record.identity?.group;
  return record;
}

function isOutput(word: string): boolean {
  return word === "stdout" || word === "stderr";
}

/** `words`: boot id, process id, start time. */
export function identityOf([boot, pid, start]: string[], group?: string): Identity {
  return { boot: boot!, pid: Number(pid), start: start!, ...(group && { group }) };
}

/** The children's times after the command less those before it. */
function spent(times: Cpu[]): Cpu | null {
  const [, before, , after] = times;
  return before && after ? difference(before, after) : null;
}

/** One of the two lines that the shell's `times` prints. */
export function parseTimes(line: string): Cpu | undefined {
  const time = /^(\d+)m(\d+\.\d+)s (\d+)m(\d+\.\d+)s$/.exec(line);
  return time ? { user: +time[1]! * 60 + +time[2]!, system: +time[3]! * 60 + +time[4]! } : undefined;
}

/** What was spent between the two. */
export function difference(before: Cpu, after: Cpu): Cpu {
  const round = (seconds: number) => Math.max(0, Math.round(seconds * 1e6) / 1e6);
  return { user: round(after.user - before.user), system: round(after.system - before.system) };
}

/** How the run ended, as far as the record says it; `changed` is when it was last written. */
export function endOf(record: RunRecord, spec: JobSpec, changed: number): RunEnd | undefined {
  if (record.refused) return { how: "not_started", reason: explain(record.refused, spec) };
  if (!record.exit || !record.identity) return undefined;
  const { code, killed, cpu } = record.exit;
  const signal = signalOf(code, killed, spec.argv !== undefined);
  const broke = record.broke ?? (signal === "SIGXCPU" ? "cpu" : undefined);
  return { how: "exited", code, signal, ended: changed, cpu, ...(broke && { broke }) };
}

function explain(reason: string, spec: JobSpec): string {
  const program = spec.argv?.[0] ?? "/bin/sh";
  const place = spec.cwd === undefined ? "The home directory" : `The working directory ${spec.cwd}`;
  switch (reason) {
    case "no_program":
      return `No such program: ${program}`;
    case "not_executable":
      return `${program} is not executable.`;
    case "directory":
      return `${program} is a directory, not a program.`;
    case "no_cwd":
      return `${place} does not exist.`;
    case "closed_cwd":
      return `${place} cannot be entered.`;
    case "no_output":
      return "The files for the command's output could not be created.";
    default:
      return `The command could not be started: ${reason}`;
  }
}
