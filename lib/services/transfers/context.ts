/** What the parts of the transfer services share. */

import type { Clock } from "../../clock.ts";
import type { Store } from "../ports/store.ts";
import type { FileArea } from "./file_area.ts";

export interface TransfersContext {
  store: Store;
  clock: Clock;
  area: FileArea;
  /** Something went wrong that no caller hears of. */
  onError?(message: string, error: unknown): void;
}
