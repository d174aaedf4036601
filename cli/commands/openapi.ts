/** `stint openapi`: prints the contract. */

import type { Call, Command } from "../command.ts";

interface Options {
  own?: boolean;
}

export const command: Command = {
  description:
    "Prints the OpenAPI 3.1 document that the server answers by; with --own the one of this very program, which " +
    "needs no server.",
  options: [{ flags: "--own", help: "that of this program" }],
  examples: [
    { line: "stint openapi > openapi.json", does: "keep it" },
    { line: "stint openapi --own | jq '.paths | keys'", does: "without a server" },
  ],
  async run({ options, session: { api, out, json } }: Call<Options>) {
    const document = options.own
      ? (await import("../../openapi/openapi.json", { with: { type: "json" } })).default
      : await api.json("GET", "/openapi.json");
    out.json(document, json ? undefined : 2);
  },
};
