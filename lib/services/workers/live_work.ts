/** The work of a running worker, as far as controlling it goes. */

export interface LiveWork {
  /** Holds it back; resolves when nothing more will move. None of the three may wait for the worker's end. */
  pause(): Promise<void> | void;
  resume(): Promise<void> | void;
  terminate(): Promise<void> | void;
  /** Breaks a transfer off as failed, for that reason. Not there for work that outlives the server. */
  breakOff?(reason: string): void;
  /** What has been transferred or written so far. */
  bytes(): number | Promise<number>;
  /** Bytes a second over the last seconds, where that means something. */
  rate?(): number;
}
