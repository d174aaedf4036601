/** Every migration in order; the schema's number is how many there are. Append only: released ones never change. */

import type { DatabaseSync } from "node:sqlite";
import { first } from "./0001_first.ts";
import { keyAdditions } from "./0002_key_additions.ts";

export const MIGRATIONS: readonly ((db: DatabaseSync) => void)[] = [first, keyAdditions];
