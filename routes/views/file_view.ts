/** Files as the contract shows them. */

import type { z } from "zod";
import type { FileRecord } from "../../lib/domain/file.ts";
import type { FileSchema } from "../../openapi/files.ts";
import { fileUrl, timeText } from "./common.ts";

export function fileView({ name, bytes, sha256, created }: FileRecord): z.output<typeof FileSchema> {
  return { name, bytes, sha256, created: timeText(created), url: fileUrl(name) };
}
