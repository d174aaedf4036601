/** Header fields that several endpoints give or take. */

import { z } from "@hono/zod-openapi";

function header(description: string, example: string) {
  return { description, schema: { type: "string" as const }, example };
}

export const LINK = header(
  'RFC 8288: where the next page is (`rel="next"`); not there on the last one.',
  '</api/jobs?limit=100&cursor=WzQ1XQ>; rel="next"',
);
export const LOCATION = header("Where to look next.", "/api/statuses/45");
export const RETRY_AFTER = header("Seconds after which trying again makes sense.", "1");
export const RATE_LIMIT_POLICY = header(
  "How many requests (`q`) the token may make in how many seconds (`w`); in every answer where there is a limit " +
    "(draft-ietf-httpapi-ratelimit-headers).",
  '"default";q=100;w=60',
);
export const RATE_LIMIT = header("How many are left (`r`), and for how many seconds (`t`).", '"default";r=50;t=30');
export const WWW_AUTHENTICATE = header("How to ask (RFC 6750).", 'Bearer realm="stint"');
export const ETAG = header("The version, for `If-Match` and `If-None-Match`.", '"17"');
export const CONTENT_RANGE = header("Which bytes these are, of how many.", "bytes 0-1023/4096");
export const CONTENT_DISPOSITION = header("The file's name (RFC 6266, RFC 8187).", 'attachment; filename="report.pdf"');
export const ATTACHMENT = header("To a browser: it is to be saved, not shown.", "attachment");
export const REPR_DIGEST = header(
  "SHA-256 of the whole file (RFC 9530).",
  "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
);
/** Of draft-ietf-httpbis-resumable-upload. */
export const UPLOAD_OFFSET = header("How many bytes of the upload are on disk: where it goes on.", "1048576");
export const UPLOAD_COMPLETE = header("`?0`: there is more to come.", "?0");
export const UPLOAD_LENGTH = header("Size of the whole in bytes; not there where it is not known.", "4194304");
export const UPLOAD_LIMIT = header(
  "How many seconds (`max-age`) it is kept if nobody goes on with it.",
  "max-age=86400",
);
export const SET_COOKIE = header(
  "The session's cookie (RFC 6265), or its end.",
  "stint=…; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict",
);
export const PREFERENCE_APPLIED = header(
  "Which preferences were followed (RFC 7240); a `wait` longer than `--max-hold` is cut down to that.",
  "wait=30",
);

const requestHeader = (description: string, example: string) => z.string().optional().openapi({ description, example });

export const preferWait = {
  prefer: requestHeader("RFC 7240: `wait=30` waits up to that many seconds for the end.", "wait=30"),
};
export const preferAsync = {
  prefer: requestHeader(
    "RFC 7240: `respond-async` answers at once, `wait=30` (also beside it) when it is over or after that many seconds.",
    "respond-async",
  ),
};
export const rangeHeader = { range: requestHeader("RFC 9110: one range of bytes.", "bytes=0-1023") };
export const ifRange = { "if-range": requestHeader("RFC 9110: the range counts only for this version.", '"17"') };
export const conditions = {
  "if-match": requestHeader("Only if the version is one of these; `*`: only if there is one.", '"17"'),
  "if-none-match": requestHeader("Only if the version is none of these; `*`: only if there is none.", "*"),
};

/** Where to go on in a stream of server-sent events; `example`: an id of that stream's events. */
export function lastEventId(example: string) {
  return z.object({
    "last-event-id": requestHeader(
      "The id of the last event that arrived (WHATWG HTML): what follows it is given.",
      example,
    ),
  });
}
