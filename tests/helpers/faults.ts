/** Starting a service that dies at a seam (see `fault_server.ts`). */

import type { Seam } from "../../lib/services/ports/faults.ts";

const root = new URL("../../", import.meta.url).pathname;

/** The program that dies when the job comes to the seam, by SIGKILL or by an exception that nobody catches. */
export function dyingAt(seam: Seam | `throw:${Seam}`, jobId: number): { command: string; args: string[] } {
  const flags = ["run", "--quiet", "--no-prompt", "--no-check", "--unstable-no-legacy-abort", "--allow-all"];
  return { command: Deno.execPath(), args: [...flags, `${root}tests/helpers/fault_server.ts`, seam, String(jobId)] };
}
