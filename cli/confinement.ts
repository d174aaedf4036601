/** What jobs are kept from, as the options say it, tried before anything is taken in. */

import { type Config, ConfigError } from "../lib/config.ts";
import { Confinement } from "../lib/process/confinement/confinement.ts";
import { findUser, type User } from "../lib/process/confinement/user.ts";

/** @throws {ConfigError} when it cannot be done here, with the way out. */
export async function openConfinement(config: Config): Promise<Confinement> {
  const user = config.runAs === undefined ? undefined : await userOf(config.runAs);
  const confinement = new Confinement({
    ...(user && { user }),
    limits: config.jobLimits,
    sandbox: config.sandbox,
    hidden: await Deno.realPath(config.data),
  });
  const noUser = user && await confinement.tryUser();
  if (noUser) throw new ConfigError(`--run-as ${config.runAs}: ${noUser} (setpriv of util-linux is needed)`);
  const noSandbox = config.sandbox && await confinement.trySandbox();
  if (noSandbox) throw new ConfigError(`--sandbox: ${noSandbox}`);
  return confinement;
}

async function userOf(name: string): Promise<User> {
  if (Deno.uid() !== 0) {
    throw new ConfigError(
      `--run-as ${name}: only root may run jobs as another user; start Stint as root, or as ${name}`,
    );
  }
  try {
    return await findUser(name);
  } catch (error) {
    throw new ConfigError(`--run-as ${name}: ${(error as Error).message}`);
  }
}
