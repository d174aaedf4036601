/**
 * Refuses what says in two ways where its body ends (RFC 9112, section 6.1): behind a proxy that believes the other one,
 * the end of one request would be the beginning of another. Nothing more is read of that connection (the same section).
 * Later runtimes refuse most of it before us.
 */

import { Problem } from "../../lib/domain/errors.ts";
import { problemResponse } from "./errors.ts";
import type { Check } from "./layers.ts";

/** Answers `invalid_request`, and the connection ends with that. */
export const framing: Check = (c) => {
  const { headers } = c.req.raw;
  const coding = headers.get("transfer-encoding");
  if (coding === null) return;
  if (coding.trim().toLowerCase() === "chunked" && headers.get("content-length") === null) return;
  const detail = "Send either Content-Length or Transfer-Encoding: chunked";
  const problem = new Problem("invalid_request", `It is not clear where the body ends. ${detail}.`, {
    errors: [{ pointer: "header/transfer-encoding", detail }],
  });
  const response = problemResponse(c, problem);
  response.headers.set("Connection", "close");
  return response;
};
