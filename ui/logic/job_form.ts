/** Forms of jobs and what the API takes. */

import type { Job } from "../api/schema.ts";

/** `team:backup, host:a` */
export function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(",").map((each) => each.trim()).filter(Boolean)) {
    const colon = part.indexOf(":");
    if (colon < 1) throw new Error(`A label is name:value, not ${part}.`);
    labels[part.slice(0, colon).trim()] = part.slice(colon + 1).trim();
  }
  return labels;
}

/** What `POST /api/jobs` takes, of what a form holds; fields that are left empty are left out. */
export function specOf(field: (name: string) => string): Record<string, unknown> {
  const number = (name: string) => field(name) === "" ? undefined : Number(field(name));
  const after = field("after").split(/[\s,]+/).filter(Boolean).map(Number);
  const labels = labelsOf(field("labels"));
  const spec: Record<string, unknown> = {
    command: field("command"),
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

/** What `PATCH /api/jobs/{id}` takes: what the form holds that is not so already. */
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

/** What a field that was left empty stands for. */
function emptyOf(name: string): unknown {
  return { labels: {}, priority: 0, queue: "default", after: [] }[name] ?? null;
}
