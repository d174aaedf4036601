/** How the program ends: one table for the code, `docs/cli.md` and the tests. */

/** Exit codes; 69, 74 and 75 are those of `sysexits.h`, 124 and 125 those of `timeout` and container tools. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  notAllowed: 5,
  unreachable: 69,
  storage: 74,
  later: 75,
  timedOut: 124,
  noExitCode: 125,
  interrupted: 130,
  pipeClosed: 141,
} as const;

/** What each code means, for people. */
export const EXIT_MEANINGS: Record<keyof typeof EXIT, string> = {
  ok: "done",
  failed: "it could not be done; `doctor`: something fails; `wait`, `run -f`: a job's own code goes before this table",
  usage: "the command line, or what it asks the server for, makes no sense",
  notFound: "there is no such job, key, file, queue, worker or held request, or it was deleted",
  conflict: "the state does not allow it, or a condition (`--if-version`, `--if-absent`) does not hold",
  notAllowed: "no token, a bad one, or one that may not do that",
  unreachable: "no server answers there",
  storage: "the server's disk is full or failed",
  later: "not now: no slot is free, the queue is full, the server is stopping",
  timedOut: "`run -f`, `wait`: the job ran out of its time, or `--timeout` of `wait` was over",
  noExitCode: "`run -f`, `wait`: the job ended without an exit code: cancelled, lost, or it could not be started",
  interrupted: "Ctrl-C; the job goes on",
  pipeClosed: "whoever read the output has gone",
};
