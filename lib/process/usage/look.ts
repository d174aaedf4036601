/** What one look at all processes says of each job; see `scripts/usage.ts`. */

import type { Usage } from "../../domain/usage.ts";

/** Ticks in a second as `/proc/PID/stat` counts them: `USER_HZ`, 100 wherever Linux runs jobs. */
const TICKS = 100;

interface Status {
  parent: number;
  /** Bytes, now and at most. */
  resident: number;
  highest: number;
}

/** Usage by cookie, of all jobs that had processes. */
export function parseLook(text: string): Map<string, Usage> {
  const [marked = "", statuses = "", stats = "", io = ""] = text.split("\n=\n");
  const statusOf = readStatuses(statuses);
  const owners = readOwners(marked, statusOf);
  const usages = new Map<string, Usage>();
  for (const [pid, cookie] of owners) {
    const status = statusOf.get(pid);
    if (!status) continue;
    const usage = usages.get(cookie) ?? { memory: 0, memoryPeak: 0, cpu: null, diskRead: null, diskWritten: null };
    usage.memory += status.resident;
    usages.set(cookie, usage);
  }
  for (const [pid, cookie] of owners) {
    const usage = usages.get(cookie);
    if (usage) usage.memoryPeak = Math.max(usage.memoryPeak, usage.memory, statusOf.get(pid)?.highest ?? 0);
  }
  for (const [pid, ticks] of readTicks(stats)) add(usages.get(owners.get(pid) ?? ""), "cpu", ticks);
  for (const usage of usages.values()) if (usage.cpu !== null) usage.cpu /= TICKS;
  for (const [, pid, way, bytes] of io.matchAll(/^\/proc\/(\d+)\/io:(read|write)_bytes: (\d+)$/gm)) {
    add(usages.get(owners.get(Number(pid)) ?? ""), way === "read" ? "diskRead" : "diskWritten", Number(bytes));
  }
  return usages;
}

function add(usage: Usage | undefined, what: "cpu" | "diskRead" | "diskWritten", amount: number): void {
  if (usage) usage[what] = (usage[what] ?? 0) + amount;
}

function readStatuses(text: string): Map<number, Status> {
  const found = new Map<number, Status>();
  for (const [, id, name, value] of text.matchAll(/^\/proc\/(\d+)\/status:(\w+):\s*(\d+)/gm)) {
    const pid = Number(id);
    const status = found.get(pid) ?? { parent: 0, resident: 0, highest: 0 };
    found.set(pid, status);
    if (name === "PPid") status.parent = Number(value);
    else if (name === "VmRSS") status.resident = Number(value) * 1024;
    else status.highest = Number(value) * 1024;
  }
  return found;
}

/** Which cookie each process belongs to: its own, or else its nearest marked ancestor's. */
function readOwners(text: string, statusOf: Map<number, Status>): Map<number, string> {
  const owners = new Map<number, string>();
  for (const [, pid, cookie] of text.matchAll(/^\/proc\/(\d+)\/environ:STINT_JOB_COOKIE=(\S+)$/gm)) {
    owners.set(Number(pid), cookie!);
  }
  const marked = new Set(owners.keys());
  for (const pid of statusOf.keys()) {
    let ancestor: number | undefined = pid;
    // No chain of parents is longer than there are processes.
    for (let i = 0; ancestor && !marked.has(ancestor) && i < statusOf.size; i++) {
      ancestor = statusOf.get(ancestor)?.parent;
    }
    if (ancestor && marked.has(ancestor)) owners.set(pid, owners.get(ancestor)!);
  }
  return owners;
}

/**
 * Ticks in user and kernel mode of each process and the children that it has waited for: fields 14 to 17 of `stat`. The
 * name in field 2 may hold anything, so what counts comes after the last parenthesis.
 */
function* readTicks(text: string): Generator<[number, number]> {
  for (const line of text.split("\n")) {
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    if (fields.length > 15 && Number.isFinite(ticks)) yield [Number.parseInt(line), ticks];
  }
}
