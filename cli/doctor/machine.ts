/** Looks at what this machine and this program's permissions allow. */

import { fail, type Finding, ok, warn } from "./finding.ts";

const FEW_FILES = 1024;
const FEW_PROCESSES = 256;

/** One shell answers all: descriptors, processes, setsid, control groups. */
const PROBE = "ulimit -n; ulimit -u 2>/dev/null || echo unlimited; command -v setsid || echo; " +
  "[ -w /sys/fs/cgroup/cgroup.procs ] || [ -w /sys/fs/cgroup/unified/cgroup.procs ] && echo yes || echo no";

export async function checkMachine(): Promise<Finding[]> {
  const runs = await Deno.permissions.query({ name: "run", command: "/bin/sh" });
  if (runs.state !== "granted") {
    return [
      fail("permissions", "/bin/sh may not be run", "Start with --allow-run=/bin/sh, as `deno task start` does."),
    ];
  }
  const { success, stdout } = await new Deno.Command("/bin/sh", { args: ["-c", PROBE], stdin: "null", stderr: "null" })
    .output();
  if (!success) return [fail("shell", "/bin/sh does not work", "Commands of jobs are run by it.")];
  const [files = "", processes = "", setsid = "", groups = ""] = new TextDecoder().decode(stdout).split("\n");
  return [
    ok("permissions", "/bin/sh may be run"),
    limit("open files", files, FEW_FILES, "Raise it: ulimit -n 4096, or LimitNOFILE= in a unit."),
    limit("processes", processes, FEW_PROCESSES, "Raise it: ulimit -u, or TasksMax= in a unit."),
    setsid !== ""
      ? ok("setsid", "it is there")
      : warn("setsid", "it is not there", "Install util-linux: jobs would share the server's session."),
    groups === "yes" ? ok("control groups", "they can be made: nothing of a job gets away") : warn(
      "control groups",
      "they cannot be made",
      "Jobs are ended by their marks in /proc instead; docs/operations.md says what that misses.",
    ),
  ];
}

function limit(about: string, text: string, few: number, todo: string): Finding {
  if (text === "unlimited" || Number(text) >= few) return ok(about, `${text} at most`);
  return warn(about, `only ${text}`, todo);
}
