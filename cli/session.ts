/** What a command has at hand: the server and the output. */

import { Client } from "./api/client.ts";
import { SURROUNDINGS } from "./api/client_config.ts";
import { type Choice, chooseServer } from "./api/server_choice.ts";
import { usage } from "./errors.ts";
import { Output } from "./output.ts";
import type { When } from "./terminal/colour.ts";

/** The options that every command takes. */
export interface CommonOptions extends Choice {
  json?: boolean;
  color?: string;
}

export class Session {
  readonly out: Output;
  readonly json: boolean;
  #client?: Client;

  constructor(readonly options: CommonOptions) {
    const { color = "auto", json = false } = options;
    if (!["auto", "always", "never"].includes(color)) throw usage(`--color ${color}: expected auto, always or never`);
    this.json = json;
    this.out = new Output(json, color as When);
  }

  /** Made when it is first needed: many commands speak to no server. */
  get api(): Client {
    return this.#client ??= new Client(chooseServer(this.options, SURROUNDINGS));
  }
}
