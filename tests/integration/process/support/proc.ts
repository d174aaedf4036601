/** What the system says of processes. */

/** The processes that carry the cookie, dead ones left out. */
export async function carriers(cookie: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const environ = await read(`/proc/${name}/environ`);
    if (environ.split("\0").includes(`STINT_JOB_COOKIE=${cookie}`) && await stateOf(Number(name)) !== "Z") {
      found.push(Number(name));
    }
  }
  return found;
}

/** The letter of proc(5): `S` sleeping, `T` stopped, `Z` dead and not waited for; nothing when there is no such process. */
export async function stateOf(pid: number): Promise<string> {
  return (await fieldsOf(pid))[0] ?? "";
}

/** The parent's process id. */
export async function parentOf(pid: number): Promise<number> {
  return Number((await fieldsOf(pid))[1]);
}

/** The fields of `stat` from the third on. */
export async function fieldsOf(pid: number): Promise<string[]> {
  const stat = await read(`/proc/${pid}/stat`);
  return stat === "" ? [] : stat.slice(stat.lastIndexOf(")") + 2).trim().split(" ");
}

/** Processes come and go while they are looked at. */
async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Error) return "";
    throw error;
  }
}
