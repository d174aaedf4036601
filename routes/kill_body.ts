/** The body of `PUT /api/kill`, in the three ways in which it arrives. */

import { KillSchema } from "../openapi/requests.ts";
import { parseAs } from "./parse.ts";

/** What a shell leaves of `{"connId"=12}`, or of `{"connId":12}`, typed without quotes around it. */
const SHELL = /^\s*\{\s*"?connId"?\s*[=:]\s*(\d{1,16})\s*\}\s*$/;
const FORM = /^\s*connId=(\d{1,16})\s*$/;

/** The connId that a body names. @throws {Problem} `invalid_request`, `malformed_json`. */
export function readConnId(text: string): number {
  const digits = (FORM.exec(text) ?? SHELL.exec(text))?.[1];
  return parseAs(KillSchema, digits === undefined ? text : `{"connId":${Number(digits)}}`, '{"connId":12} or connId=12')
    .connId;
}
