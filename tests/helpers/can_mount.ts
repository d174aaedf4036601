/** Whether a small file system may be mounted here: by root on Linux, where no container forbids it. */
export function canMount(): boolean {
  const line = 'd=$(mktemp -d); mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; code=$?; rmdir "$d"; exit $code';
  return new Deno.Command("/bin/sh", { args: ["-c", line], stdin: "null", stdout: "null", stderr: "null" })
    .outputSync().success;
}
