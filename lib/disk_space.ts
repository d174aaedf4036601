/** How much room is left on a disk. */

export interface DiskSpace {
  /** Bytes that an ordinary user may still fill; NaN where the system does not say. */
  free: number;
  size: number;
}

const UNKNOWN: DiskSpace = { free: NaN, size: NaN };

/** Asks `df` (POSIX), through the one program that the service may run: the runtime's own call is not permitted to it. */
export async function diskSpace(directory: string): Promise<DiskSpace> {
  const { success, stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'exec df -Pk -- "$0"', directory],
    clearEnv: true,
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
    stdin: "null",
    stderr: "null",
  }).output();
  return success ? parseDf(new TextDecoder().decode(stdout)) : UNKNOWN;
}

/** Of its second line: device, kilobytes in all, used and free, then the share and where it is mounted. */
export function parseDf(text: string): DiskSpace {
  const [, size, free] = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/.exec(text.slice(text.indexOf("\n"))) ?? [];
  return free === undefined ? UNKNOWN : { free: Number(free) * 1024, size: Number(size) * 1024 };
}
