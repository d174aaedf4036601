/** What the parts of the transfer services share. */

import type { BodyDeadline } from "../../body_deadline.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../ports/store.ts";
import type { FileArea } from "./file_area.ts";

export interface TransfersContext {
  /** How long the next piece of an upload may be waited for. Default: for ever. */
  deadline?: BodyDeadline;
  store: Store;
  clock: Clock;
  area: FileArea;
  /** How long what has arrived of a resumable upload is kept, in milliseconds; `Infinity`: for good. */
  keepPartialMs: number;
  /** Something went wrong that no caller hears of. */
  onError?(message: string, error: unknown): void;
}
