/** Running one of our own scripts in a shell, in an environment of its own. */

/** Where our scripts find their programs, whatever the server's own `PATH` is. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs `script` to its end; `words` are its `$0`, `$1` and so on. What it says on its standard error is dropped. */
export async function runScript(script: string, words: string[] = []): Promise<{ success: boolean; stdout: string }> {
  const { success, stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, ...words],
    clearEnv: true,
    env: { PATH, LC_ALL: "C" },
    cwd: "/",
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  return { success, stdout: new TextDecoder().decode(stdout) };
}
