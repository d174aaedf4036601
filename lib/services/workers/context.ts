/** What the parts of the worker service share. */

import type { Clock } from "../../clock.ts";
import type { Store } from "../ports/store.ts";
import type { Slots } from "../slots.ts";

export interface WorkersContext {
  store: Store;
  slots: Slots;
  clock: Clock;
  /** How long an unused reservation lasts, in milliseconds. */
  ttlMs: number;
  /** Whether queued jobs will take every slot that is free now. */
  queueIsWaiting?(): boolean;
  /** Something went wrong that no caller hears of. */
  onError?(message: string, error: unknown): void;
}
