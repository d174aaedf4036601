/** What a process has open. */

/** The paths of its open files, as the kernel names them. */
export async function openFiles(pid: number): Promise<string[]> {
  const paths = [];
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    // Closed since it was listed.
    const path = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => undefined);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}
