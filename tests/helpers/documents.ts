/**
 * The lines that the five documents show, character for character. Only host and port are put in their place when a line
 * is run; `tests/e2e/documents_test.ts` compares them with the documents where those are at hand.
 */

import type { Printed } from "./shell.ts";
import { shell } from "./shell.ts";

/** "api_server" */
export const DOCUMENT_000 = {
  request: `curl -G -d "connId=19&timeout=5" http://localhost:8080/api/request`,
  serverStatus: `curl -G http://localhost:8080/api/serverStatus`,
  kill: `curl -X PUT -d @payload http://localhost:8080/api/kill`,
  payload: `{"connId":12}`,
};

/** "Socket HTTP Server providing APIs" */
export const DOCUMENT_001 = {
  request: `curl -i 'http://localhost:8080/api/request?connId=12&timeout=4'`,
  serverStatus: `curl -i 'http://localhost:8080/api/serverStatus'`,
  kill: `curl -i -X PUT -d {"connId"=12} 'http://localhost:8080/api/kill'`,
};

/** "API", which shows no lines: its endpoints, as it writes them. */
export const DOCUMENT_002 = {
  newJob: "new_job/",
  modify: "modify/{worker-id}/{new_job_status}",
  status: "status/{worker-id}",
  upload: "upload/new/{worker-id}",
  download: "download/new/{worker-id}",
  job: "job/new/{worker-id}",
};

/** "REST Linux command service": its lines, and its addresses that no line uses. */
export const DOCUMENT_003 = {
  list: `curl -i http://localhost:8000/api/jobs`,
  submit: String.raw`curl -X POST -H 'Content-Type: application/json' \
    -d '{"command": "cp  /tmp/file /mnt/nfs/"}' http://localhost:8000/api/jobs`,
  status: `curl -X GET http://localhost:8000/api/statuses/45`,
  result: `curl -X GET http://localhost:8000/api/results/4`,
  jobs: "http://localhost:8000/api/jobs",
  job: "http://localhost:8000/api/jobs/12",
  statuses: "http://localhost:8000/api/statuses",
  oneStatus: "http://localhost:8000/api/statuses/12",
  results: "http://localhost:8000/api/results",
  oneResult: "http://localhost:8000/api/results/33",
};

/** "REST_Keypair_python" */
export const DOCUMENT_004 = {
  put:
    `curl -i -X PUT 'http://localhost:3000/foo' -H 'Content-Type: application/octet-stream' --data-binary 'hello world!'`,
  get: `curl -i 'http://localhost:3000/foo'`,
  getMissing: `curl -i 'http://localhost:3000/qux'`,
  delete: `curl -i -X DELETE 'http://localhost:3000/foo'`,
};

export const DOCUMENTS: Record<string, Record<string, string>> = {
  "000": DOCUMENT_000,
  "001": DOCUMENT_001,
  "002": DOCUMENT_002,
  "003": DOCUMENT_003,
  "004": DOCUMENT_004,
};

/** The line with the service's port in the place of the documents'. */
export function at(port: number, line: string): string {
  return line.replaceAll(/localhost:(8080|8000|3000)\b/g, `localhost:${port}`);
}

export interface Shown extends Printed {
  status: number;
  headers: Headers;
  /** What was printed, without the header that `-i` prints before it. */
  body: string;
}

/**
 * Types a curl line as it stands in its document, in the directory `cwd`, and tells what came back. The header is
 * learnt from a `.curlrc`, so that the line needs nothing added.
 */
export async function type(port: number, line: string, cwd: string): Promise<Shown> {
  const home = await Deno.makeTempDir({ prefix: "stint-curl-" });
  try {
    await Deno.writeTextFile(`${home}/.curlrc`, `silent\nshow-error\ndump-header = "${home}/header"\n`);
    const printed = await shell(at(port, line), { cwd, env: { CURL_HOME: home, no_proxy: "localhost" } });
    const head = await Deno.readTextFile(`${home}/header`).catch(() => "");
    const [first, ...fields] = head.trimEnd().split("\r\n");
    const headers = new Headers(fields.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }));
    const body = printed.stdout.startsWith(head) ? printed.stdout.slice(head.length) : printed.stdout;
    return { ...printed, status: Number(first?.split(" ")[1] ?? 0), headers, body };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
