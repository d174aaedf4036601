/**
 * Refuses what says in two ways where its body ends (RFC 9112, section 6.1): behind a proxy that believes the other one,
 * the end of one request would be the beginning of another. Later runtimes refuse it before us.
 */

import { Problem } from "../../lib/domain/errors.ts";
import type { Check } from "./layers.ts";

/** @throws {Problem} `invalid_request` */
export const framing: Check = (c) => {
  const { headers } = c.req.raw;
  const coding = headers.get("transfer-encoding");
  if (coding === null) return;
  if (coding.trim().toLowerCase() === "chunked" && headers.get("content-length") === null) return;
  const detail = "Send either Content-Length or Transfer-Encoding: chunked";
  throw new Problem("invalid_request", `It is not clear where the body ends. ${detail}.`, {
    errors: [{ pointer: "header/transfer-encoding", detail }],
  });
};
