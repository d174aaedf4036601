/** A service and its client's surroundings. */

import { clientEnvironment, type Ran, type RunOptions, stint } from "../../helpers/stint.ts";
import { type Service, type ServiceOptions, startService } from "../../helpers/service.ts";

export interface Client extends AsyncDisposable {
  service: Service;
  /** What a command of this client needs in its environment. */
  env: Record<string, string>;
  /** Runs a command to its end. */
  run(args: string[], options?: RunOptions): Promise<Ran>;
}

export async function startClient(options: ServiceOptions = {}): Promise<Client> {
  const service = await startService(options);
  const env = clientEnvironment(service.url, service.files);
  return {
    service,
    env,
    run: (args, more = {}) => stint(args, { cwd: service.files, ...more, env: { ...env, ...more.env } }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
