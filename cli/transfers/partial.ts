/** Where on the server an upload that broke off goes on. */

import type { components } from "../../openapi/types.ts";
import type { Client } from "../api/client.ts";
import { unless } from "../api/problem.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { addFile, Sha256 } from "./digest.ts";

type Known = components["schemas"]["PartialUpload"];
type Inspected = components["schemas"]["InspectedUpload"];

/** What is to be sent: the file from byte `from` on. */
export interface Start {
  /** The upload that is gone on with; not there for one that begins. */
  id?: string;
  from: number;
  /** Has taken in everything before that. */
  sum: Sha256;
}

/** The server does not know yet that the connection broke. */
export class StillBusy extends CliError {
  constructor(name: string) {
    super(`The server is still busy with an earlier upload of ${name}`, EXIT.later, "Try again in a while.");
  }
}

export function fromBeginning(): Start {
  return { from: 0, sum: new Sha256() };
}

/** An unfinished upload of this file, and of no other: by name, size, and the SHA-256 of all that has arrived. */
export async function whereToGoOn(
  api: Client,
  { path, name }: { path: string; name: string },
  size: number,
): Promise<Start> {
  for (const { upload_id: id } of await candidates(api, name, size)) {
    const found = await unless([404], api.json<Inspected>("GET", `/api/uploads/${id}`));
    if (!found || found.sha256 === null || found.bytes > size) continue;
    const sum = new Sha256();
    await addFile(sum, path, found.bytes);
    if (sum.hexSoFar() === found.sha256) return { id, from: found.bytes, sum };
  }
  return fromBeginning();
}

/** Those of which there is most come first. None where the server, or the token, knows nothing of such uploads. */
async function candidates(api: Client, name: string, size: number): Promise<Known[]> {
  const query = new URLSearchParams({ name });
  const list = await unless([403, 404], api.json<{ uploads: Known[] }>("GET", "/api/uploads", { query }));
  return (list?.uploads ?? [])
    .filter((upload) => upload["worker-id"] === null && upload.total === size && upload.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
