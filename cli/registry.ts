/** All commands. Each lies in a module of its own, which is loaded when it is asked for: the overview needs none. */

import type { AnyCommand, CommandEntry, Registry } from "./command.ts";

function entry(group: string, summary: string, load: () => Promise<{ command: AnyCommand }>): CommandEntry {
  return { group, summary, load: async () => (await load()).command };
}

const JOBS = "Jobs";
const KEYS = "Keys";
const FILES = "Files";
const OTHER = "Server and program";

export const REGISTRY: Registry = {
  run: entry(JOBS, "start a job, and follow it", () => import("./commands/run.ts")),
  ps: entry(JOBS, "list jobs", () => import("./commands/ps.ts")),
  top: entry(JOBS, "watch and control jobs on a full screen", () => import("./commands/top.ts")),
  logs: entry(JOBS, "show what jobs print", () => import("./commands/logs.ts")),
  wait: entry(JOBS, "wait for jobs to end", () => import("./commands/wait.ts")),
  pause: entry(JOBS, "stop jobs for a while", () => import("./commands/pause.ts")),
  resume: entry(JOBS, "let paused jobs go on", () => import("./commands/resume.ts")),
  kill: entry(JOBS, "end jobs, or send them a signal", () => import("./commands/kill.ts")),
  rm: entry(JOBS, "remove jobs from the history", () => import("./commands/rm.ts")),
  rerun: entry(JOBS, "start a job again, as a new one", () => import("./commands/rerun.ts")),
  search: entry(JOBS, "find jobs by their words, labels and output", () => import("./commands/search.ts")),
  queue: entry(JOBS, "list, make, pause and change queues", () => import("./commands/queue.ts")),
  get: entry(KEYS, "print the value of a key", () => import("./commands/get.ts")),
  set: entry(KEYS, "set a key", () => import("./commands/set.ts")),
  del: entry(KEYS, "delete keys", () => import("./commands/del.ts")),
  keys: entry(KEYS, "list keys", () => import("./commands/keys.ts")),
  watch: entry(KEYS, "follow the changes of keys", () => import("./commands/watch.ts")),
  put: entry(FILES, "upload files", () => import("./commands/put.ts")),
  fetch: entry(FILES, "download files", () => import("./commands/fetch.ts")),
  files: entry(FILES, "list and remove stored files", () => import("./commands/files.ts")),
  uploads: entry(FILES, "list and forget uploads that broke off", () => import("./commands/uploads.ts")),
  hold: entry(OTHER, "hold a request open; list and end held ones", () => import("./commands/hold.ts")),
  status: entry(OTHER, "show how the server is", () => import("./commands/status.ts")),
  doctor: entry(
    OTHER,
    "check the data directory, limits, TLS, permissions and the server",
    () => import("./commands/doctor.ts"),
  ),
  openapi: entry(OTHER, "print the contract", () => import("./commands/openapi.ts")),
  completion: entry(
    OTHER,
    "print a script that completes commands in a shell",
    () => import("./commands/completion.ts"),
  ),
  help: entry(OTHER, "show what a command does, with examples", () => import("./commands/help.ts")),
};

/** Commands with a parser of their own: `serve` has the server's options, `token` works on a data directory. */
export const OWN_PARSER: Record<string, string> = {
  serve: "start the service (the default)",
  token: "make, list and revoke tokens",
};
