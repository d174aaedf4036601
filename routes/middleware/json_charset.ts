/** JSON is sent as `application/json; charset=utf-8`: some clients still guess otherwise, and Cyrillic suffers. */

import type { Finish } from "./layers.ts";

export const jsonCharset: Finish = (c) => {
  const { headers } = c.res;
  if (headers.get("content-type") === "application/json") {
    headers.set("Content-Type", "application/json; charset=utf-8");
  }
};
