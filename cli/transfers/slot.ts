/** A worker slot for a transfer. */

import type { components } from "../../openapi/types.ts";
import type { Client } from "../api/client.ts";
import { Refusal } from "../api/problem.ts";
import { CliError } from "../errors.ts";
import type { Output } from "../output.ts";

type Reservation = components["schemas"]["Reservation"];

/** Gives a slot back that was not used because its use was refused; does nothing when it was used. */
export async function giveBack(api: Client, id: string): Promise<void> {
  try {
    await api.request("POST", `/modify/${id}/terminated`, { allow: [400] }).then(({ body }) => body?.cancel());
  } catch (error) {
    // It expires by itself.
    if (!(error instanceof CliError)) throw error;
  }
}

/** A worker-id. Waits until a slot is free, unless `wait` says otherwise. */
export async function takeSlot(api: Client, out: Output, wait: boolean): Promise<string> {
  let told = false;
  while (true) {
    try {
      return (await api.json<Reservation>("GET", "/new_job"))["worker-id"];
    } catch (error) {
      if (!wait || !(error instanceof Refusal) || error.problem.code !== "no_slot") throw error;
      if (!told) out.note("stint: all slots are taken; waiting for one (--no-wait gives up instead)");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 1) * 1000));
    }
  }
}
