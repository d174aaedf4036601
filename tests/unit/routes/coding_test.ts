import assert from "node:assert/strict";
import { preferredCoding } from "../../../routes/coding.ts";

Deno.test("a coding is chosen by what the client likes best, the smallest of equal ones", () => {
  const cases: [string | undefined, string][] = [
    [undefined, "identity"],
    ["", "identity"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0.1, gzip;q=0.9", "gzip"],
    ["br;q=0, gzip;q=0", "identity"],
    ["*", "br"],
    ["br;q=0, *;q=0.5", "gzip"],
    ["GZIP ; Q=1", "gzip"],
    ["identity", "identity"],
    ["gzip;q=nonsense", "identity"],
  ];
  for (const [accepted, coding] of cases) assert.equal(preferredCoding(accepted), coding, String(accepted));
});
