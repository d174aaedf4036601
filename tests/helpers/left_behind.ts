/** Finds processes by what stands in their environment, however they detached themselves. Linux only. */

import { eventually } from "./eventually.ts";

/** The pids of all processes whose environment has this very `NAME=value`. */
export async function processesWith(variable: string): Promise<number[]> {
  const found: number[] = [];
  for await (const entry of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    const environment = await Deno.readTextFile(`/proc/${entry.name}/environ`).catch(() => "");
    if (environment.split("\0").includes(variable)) found.push(Number(entry.name));
  }
  return found;
}

/** What `ps` would show of a process; empty when it is gone. */
export async function commandLineOf(pid: number): Promise<string> {
  const line = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  return line.replaceAll("\0", " ").trim();
}

/** Whether the process exists and is not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state !== undefined && state !== "Z" && state !== "X";
}

/** The letter that `ps` shows (`R`, `S`, `T`, `Z`, …); undefined when there is no such process. */
export async function processState(pid: number): Promise<string | undefined> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
}

/**
 * Whether the process is stopped. One that was stopped as it started a program by vfork(2), as dash does, waits for a child
 * that is stopped and has not become the program yet, and reads as `D`.
 */
export async function isStopped(pid: number): Promise<boolean> {
  const state = await processState(pid);
  if (state !== "D") return state === "T";
  const children = (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).split(" ").filter(Boolean);
  return (await Promise.all(children.map((child) => processState(Number(child))))).includes("T");
}

/** Waits until the processes are stopped: one that waits for a disk or a processor is so only when it has had it. */
export async function untilStopped(...pids: number[]): Promise<void> {
  for (const pid of pids) await eventually(`process ${pid} is stopped`, () => isStopped(pid));
}

/** Memory that a process really uses, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1024;
}
