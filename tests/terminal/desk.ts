/** A service, and a terminal in which `stint` speaks to it. */

import { clientEnvironment, denoDirectory, installStint } from "../helpers/stint.ts";
import { type Service, startService } from "../helpers/service.ts";
import { openTerminal, type Terminal, type TerminalOptions } from "../helpers/terminal.ts";

export interface Desk extends AsyncDisposable {
  service: Service;
  terminal: Terminal;
}

export async function openDesk(options: TerminalOptions = {}): Promise<Desk> {
  const service = await startService();
  await installStint(service.files);
  const env = {
    ...clientEnvironment(service.url, service.files),
    DENO_DIR: denoDirectory(),
    PATH: `${service.files}:${Deno.env.get("PATH")}`,
    ...options.env,
  };
  const terminal = await openTerminal({ cwd: service.files, ...options, env });
  return {
    service,
    terminal,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

export const submit = (service: Service, json: Record<string, unknown>) => service.call("POST", "/api/jobs", { json });
export const stateOf = async (service: Service, id: number) =>
  (await service.call("GET", `/api/jobs/${id}`)).json<{ state: string }>().state;
