/** Forms of jobs and what the API takes. */

import type { Job } from "../api/schema.ts";
import { wordsOf } from "./bounds.ts";

/** What a form holds, by the names of its fields. */
export type FormValues = Readonly<Record<string, string>>;

/** What a form for this job holds at first. */
export function valuesOf(job: Job): FormValues {
  return {
    command: job.command,
    name: job.name ?? "",
    labels: Object.entries(job.labels).map(([name, value]) => `${name}:${value}`).join(", "),
    queue: job.queue ?? "",
    priority: String(job.priority),
    timeout: String(job.timeout ?? ""),
    after: job.after.join(", "),
    cwd: job.cwd ?? "",
  };
}

/** `team:backup, host:a` @throws {Error} for one that has no name or no colon. */
export function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(",").map((each) => each.trim()).filter(Boolean)) {
    const colon = part.indexOf(":");
    if (colon < 1) throw new Error(`A label is name:value, not ${part}.`);
    labels[part.slice(0, colon).trim()] = part.slice(colon + 1).trim();
  }
  return labels;
}

/**
 * What `POST /api/jobs` takes, of what a form holds; fields that are left empty are left out. `asWords`: the command is
 * one program and its arguments, no line for a shell.
 * @throws {Error} for labels and jobs that are none.
 */
export function specOf(field: (name: string) => string, asWords = false): Record<string, unknown> {
  const number = (name: string) => field(name) === "" ? undefined : Number(field(name));
  const after = idsOf(field("after"));
  const labels = labelsOf(field("labels"));
  const spec: Record<string, unknown> = {
    ...(asWords ? { argv: wordsOf(field("command")) } : { command: field("command") }),
    name: field("name") || undefined,
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    queue: field("queue") || undefined,
    priority: number("priority"),
    cwd: field("cwd") || undefined,
    timeout: number("timeout"),
    after: after.length > 0 ? after : undefined,
  };
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}

/** What `PATCH /api/jobs/{id}` takes: what the form holds that is not so already. @throws {Error} as {@link specOf}. */
export function patchOf(job: Job, field: (name: string) => string): Record<string, unknown> {
  const wish = specOf(field);
  const now: Record<string, unknown> = {
    command: job.argv ? undefined : job.command,
    name: job.name,
    labels: job.labels,
    queue: job.queue,
    priority: job.priority,
    cwd: job.cwd,
    timeout: job.timeout,
    after: job.after,
  };
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(now)) {
    if (value === undefined) continue;
    const wished = wish[name] ?? emptyOf(name);
    if (JSON.stringify(wished) !== JSON.stringify(value)) patch[name] = wished;
  }
  return patch;
}

function idsOf(text: string): number[] {
  return text.split(/[\s,]+/).filter(Boolean).map((word) => {
    if (!/^\d+$/.test(word)) throw new Error(`Jobs to wait for are given by their numbers, not as ${word}.`);
    return Number(word);
  });
}

/** What a field that was left empty stands for. */
function emptyOf(name: string): unknown {
  return { labels: {}, priority: 0, queue: "default", after: [] }[name] ?? null;
}
