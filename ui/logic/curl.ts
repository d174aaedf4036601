/** The request that would submit a job like this one, for a shell. */

import type { Job } from "../api/schema.ts";

/** What a job was asked for, as `POST /api/jobs` takes it; nothing that is a default. */
export function requestOf(job: Job): Record<string, unknown> {
  const wish: Record<string, unknown> = {
    ...(job.argv ? { argv: job.argv } : { command: job.command }),
    name: job.name,
    labels: Object.keys(job.labels).length > 0 ? job.labels : null,
    cwd: job.cwd,
    env: Object.keys(job.env).length > 0 ? job.env : null,
    // Their values nobody can see: whoever repeats the request puts them in.
    secret_env: Object.keys(job.secret_env).length > 0 ? job.secret_env : null,
    timeout: job.timeout,
    max_output: job.max_output,
    limits: job.limits,
    sandbox: job.sandbox,
    grace: job.grace === 5 ? null : job.grace,
    priority: job.priority === 0 ? null : job.priority,
    queue: job.queue === "default" ? null : job.queue,
    start_at: job.start_at,
    after: job.after.length > 0 ? job.after : null,
    if: job.if,
    retries: job.retries === 0 ? null : job.retries,
    retry_delay: job.retry_delay,
    backoff: job.backoff,
    max_retry_delay: job.max_retry_delay,
  };
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== null && value !== undefined));
}

/** `origin`: `http://127.0.0.1:8080`; `withToken`: whether the server asks for one. */
export function curlOf(job: Job, origin: string, withToken: boolean): string {
  const lines = [
    `curl ${origin}/api/jobs`,
    "-H 'Content-Type: application/json'",
    ...(withToken ? ['-H "Authorization: Bearer $STINT_TOKEN"'] : []),
    `-d ${shellQuoted(JSON.stringify(requestOf(job)))}`,
  ];
  return lines.join(" \\\n  ");
}

/** In single quotes, in which a POSIX shell takes everything but the quote itself for what it is. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
