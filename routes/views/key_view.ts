/** Keys as the contract shows them in lists. */

import type { z } from "zod";
import type { KeyRecord } from "../../lib/domain/key.ts";
import type { Versioned } from "../../lib/services/ports/store.ts";
import type { KeyEntrySchema } from "../../openapi/keys.ts";
import { timeOrNull } from "./common.ts";

export function keyView({ value, version }: Versioned<KeyRecord>): z.output<typeof KeyEntrySchema> {
  return {
    key: value.key,
    // A byte order mark is part of the value like any other character.
    value: new TextDecoder("utf-8", { ignoreBOM: true }).decode(value.value),
    version,
    expires: timeOrNull(value.expires),
  };
}
