/** What is put before a job's command so that it has less of the machine: words of shell source, none where nothing was asked for. */

import { LIMIT_FIELDS, LIMIT_NAMES, type Limits, limitsUnder, type Sandbox } from "../../domain/confinement.ts";
import type { FieldError } from "../../domain/errors.ts";
import type { JobSpec } from "../../domain/job.ts";
import { programPath } from "../environment.ts";
import { quote } from "../quote.ts";
import { KEEPER_SCRIPT, LIMITS_SCRIPT } from "./script.ts";
import type { User } from "./user.ts";

export interface ConfinementOptions {
  /** Whom jobs run as. Default: the server's own user. */
  user?: User;
  /** What no job may exceed, and what one has that asks for nothing. */
  limits?: Limits;
  /** Whether every job gets a sandbox. */
  sandbox?: boolean;
  /** The server's data directory, which no sandbox shows. */
  hidden?: string;
}

export class Confinement {
  #sandboxTried: Promise<string | undefined> | undefined;

  constructor(readonly options: ConfinementOptions = {}) {}

  /** Words that go before the command. `cwd`: where the job is to be. */
  words(spec: JobSpec, cwd: string): string[] {
    const limits = limitsUnder(this.options.limits ?? {}, spec.limits);
    const sandbox = this.#sandboxOf(spec);
    return [...limitWords(limits), ...this.#userWords(), ...sandbox ? this.#sandboxWords(sandbox, cwd) : []];
  }

  /** What its environment holds instead of what others have. */
  environment(spec: JobSpec): Record<string, string> {
    return this.#sandboxOf(spec) ? { TMPDIR: "/tmp" } : {};
  }

  /** Whether the job has limits that its control group may hold it to. */
  isLimited({ limits }: JobSpec): boolean {
    return limitWords(limitsUnder(this.options.limits ?? {}, limits)).length > 0;
  }

  /** What is wrong with what a job asks for, by the field it is in. */
  async objection({ limits, sandbox }: JobSpec): Promise<FieldError | undefined> {
    for (const name of LIMIT_NAMES) {
      const cap = this.options.limits?.[name] ?? Infinity;
      if ((limits?.[name] ?? 0) <= cap) continue;
      return { pointer: `/limits/${LIMIT_FIELDS[name]}`, detail: `This server allows at most ${cap}` };
    }
    if (sandbox === false && this.options.sandbox) {
      return { pointer: "/sandbox", detail: "Every job of this server gets a sandbox" };
    }
    if (!sandbox) return undefined;
    const reason = await this.trySandbox();
    return reason === undefined ? undefined : { pointer: "/sandbox", detail: `No sandbox can be had here: ${reason}` };
  }

  /** Why no sandbox can be had; undefined when one can. Looked at again as long as none can. */
  async trySandbox(): Promise<string | undefined> {
    this.#sandboxTried ??= this.#try([...this.#userWords(), ...this.#sandboxWords({ network: false, write: [] }, "/")]);
    const reason = await this.#sandboxTried;
    if (reason === undefined) return undefined;
    this.#sandboxTried = undefined;
    return /bwrap: not found|bwrap: No such file/.test(reason)
      ? "bubblewrap is not installed (apt install bubblewrap)"
      : `bubblewrap says: ${reason}. It needs user namespaces, which the system may forbid ` +
        "(sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns, user.max_user_namespaces)";
  }

  /** Why jobs cannot run as the user; undefined when they can. */
  tryUser(): Promise<string | undefined> {
    return this.#try(this.#userWords());
  }

  async #try(words: string[]): Promise<string | undefined> {
    const { success, stderr } = await new Deno.Command("/bin/sh", {
      args: ["-c", `exec ${[...words, "true"].join(" ")}`],
      clearEnv: true,
      env: { PATH: programPath(), LC_ALL: "C" },
      cwd: "/",
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return undefined;
    return new TextDecoder().decode(stderr).trim().split("\n").at(-1) || "it cannot be run";
  }

  #sandboxOf({ sandbox }: JobSpec): Sandbox | undefined {
    if (typeof sandbox === "object") return sandbox;
    return sandbox || this.options.sandbox ? { network: false, write: [] } : undefined;
  }

  #userWords(): string[] {
    const { user } = this.options;
    if (!user) return [];
    return ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--init-groups", "--no-new-privs", "--"];
  }

  #sandboxWords({ network, write }: Sandbox, cwd: string): string[] {
    const { user, hidden } = this.options;
    const own = (path: string) => ["--tmpfs", path];
    return [
      ...["/bin/sh", "-c", quote(KEEPER_SCRIPT), "keeper", "bwrap"],
      ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
      ...network ? [] : ["--unshare-net"],
      ...["--ro-bind", "/", "/", ...own("/tmp"), ...own("/var/tmp"), ...own("/run")],
      // Where the resolver's configuration may really lie.
      ...network ? ["--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve"] : [],
      ...write.flatMap((path) => ["--bind", quote(path), quote(path)]),
      // After what may be written, which may be the whole of the file system.
      ...["--dev", "/dev", "--proc", "/proc"],
      // Another user cannot look into it anyway, nor put anything in its place.
      ...hidden && !user ? own(quote(hidden)) : [],
      ...["--cap-drop", "ALL", "--chdir", quote(cwd), "--"],
      ...[`"\${stint_env:-env}"`, "--default-signal", "--"],
    ];
  }
}

function limitWords({ memory, cpu, files, processes }: Limits): string[] {
  const given = [memory, cpu, files, processes];
  if (given.every((each) => each === undefined)) return [];
  const words = given.map((each) => each === undefined ? "''" : String(each));
  return ["/bin/sh", "-c", quote(LIMITS_SCRIPT), "limits", `"$stint_group"`, ...words];
}
