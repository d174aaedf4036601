/** The thread that looks through a database while it is being used. */

import { openForReading } from "../database.ts";
import { messageOf } from "../errors.ts";
import { isDamage } from "../sqlite_error.ts";
import { structureFaults, unsoundRows } from "./check.ts";
import type { FromCheck, ToCheck } from "./messages.ts";

interface Port {
  postMessage(message: FromCheck): void;
  onmessage: ((event: MessageEvent<ToCheck>) => void) | null;
  close(): void;
}
/** The compiler takes this file for one of a page, like all the others. */
const port = globalThis as unknown as Port;

port.onmessage = async ({ data }) => {
  try {
    port.postMessage({ type: "done", ...await look(data.path) });
  } catch (error) {
    if (isDamage(error)) port.postMessage({ type: "done", faults: [messageOf(error)], rows: [] });
    else port.postMessage({ type: "failed", reason: messageOf(error) });
  }
  port.close();
};

async function look(path: string): Promise<{ faults: string[]; rows: string[] }> {
  const db = openForReading(path);
  try {
    const faults = structureFaults(db, false);
    const rows: string[] = [];
    for (const page of faults.length > 0 ? [] : unsoundRows(db)) {
      rows.push(...page);
      // A breath between pages: others want the disk too.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { faults, rows };
  } finally {
    db.close();
  }
}
