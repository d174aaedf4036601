/** `stint del`: deletes keys. */

import type { Call, Command } from "../command.ts";
import { each } from "../jobs/each.ts";
import { CONDITION_OPTIONS, conditionHeaders, type ConditionOptions, keyPath } from "../keys/key_path.ts";

export const command: Command = {
  description: "Deletes keys. Exits with 3 when one was not there, with 4 when a condition does not hold.",
  arguments: [{ name: "key", help: "their names", variadic: true, values: "keys" }],
  options: CONDITION_OPTIONS,
  examples: [
    { line: "stint del release", does: "delete it" },
    { line: "stint del lock --if-version 18", does: "give back a lock that is still ours" },
  ],
  async run({ args, options, session }: Call<ConditionOptions>) {
    const headers = conditionHeaders(options);
    return await each(session.out, args, async (key) => {
      const { body } = await session.api.request("DELETE", keyPath(key), { headers });
      await body?.cancel();
      if (session.json) session.out.json({ key });
      else session.out.hint(`${key} is gone.`);
    });
  },
};
