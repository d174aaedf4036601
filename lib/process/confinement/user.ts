/** The user that jobs run as, where it is not the server's own. */

export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

/** Looks a user up as the system knows it. @throws {Error} with a line for people when there is none by that name. */
export async function findUser(name: string): Promise<User> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", `getent passwd "$1" 2>/dev/null || grep "^$1:" /etc/passwd`, "user", name],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  const [found, , uid, gid, , home] = new TextDecoder().decode(stdout).split("\n")[0]!.split(":");
  if (!found || !uid || !gid) throw new Error(`there is no user ${name}`);
  // Users that only own something often have no home.
  const isThere = home ? await Deno.stat(home).then((info) => info.isDirectory, () => false) : false;
  return { name: found, uid: Number(uid), gid: Number(gid), home: isThere ? home! : "/" };
}
