/** Tokens in a directory of their own, made as the command line makes them. */

import { systemClock } from "../../lib/clock.ts";
import type { Scope } from "../../lib/domain/scope.ts";
import type { TokenBounds } from "../../lib/domain/token_bounds.ts";
import type { Rate } from "../../lib/domain/rate.ts";
import { createToken } from "../../lib/tokens/admin.ts";
import { KeptTokens } from "../../lib/tokens/kept.ts";
import { LastUses } from "../../lib/tokens/last_uses.ts";
import { TokenFile } from "../../lib/tokens/token_file.ts";
import { tempDir } from "./temp_dir.ts";

/** Everything but `admin`, which cannot be bound. */
export const ALL_SCOPES: Scope[] = ["requests:write", "workers:write", "jobs:write", "keys:write", "files:write"];

export interface MadeTokens extends AsyncDisposable {
  tokens: KeptTokens;
  /** What a request has to carry. */
  make(
    name: string,
    wish?: { scopes?: Scope[]; bounds?: TokenBounds; rate?: Rate },
  ): { authorization: string };
}

export async function madeTokens(): Promise<MadeTokens> {
  const directory = await tempDir();
  const file = new TokenFile(directory.path);
  const make: MadeTokens["make"] = (name, { scopes = ALL_SCOPES, bounds, rate } = {}) => {
    const wish = { name, scopes, ...(bounds && { bounds }), ...(rate && { rate }), expires: null };
    return { authorization: `Bearer ${createToken(file, wish, Date.now()).token}` };
  };
  make("first", { scopes: ["admin"] });
  const tokens = new KeptTokens(file, new LastUses(directory.path, fail), systemClock(), fail);
  return {
    tokens,
    make,
    async [Symbol.asyncDispose]() {
      tokens.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function fail(message: string, error: unknown): never {
  throw new Error(message, { cause: error });
}
