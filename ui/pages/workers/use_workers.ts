import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { WorkerList } from "../../api/schema.ts";
import { connection, freshness, onEvents } from "../../state/feed.ts";

/** While something is being transferred: the stream tells of states, only a look tells of bytes. */
const LOOK_MS = 1000;

/** The workers as they are: read again at every change, and each second while bytes are on their way. */
export function useWorkers(): WorkerList | null {
  const [list, setList] = useState<WorkerList | null>(null);
  const version = freshness.value;
  const moving = list?.workers.some(({ kind, status }) => status === "running" && kind !== "job") ?? false;
  useEffect(() => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      timer = undefined;
      const found = await call<WorkerList>("GET", "/api/workers", { signal: over.signal }).catch(() => undefined);
      if (found && !over.signal.aborted) setList(found.data);
    };
    read();
    const stop = onEvents((events) => {
      // Jobs take slots too.
      const concerned = events.some(({ type }) => type.startsWith("worker") || type.startsWith("job"));
      if (concerned) timer ??= setTimeout(read, 100);
    });
    const looks = setInterval(() => {
      if (moving && !document.hidden && connection.value === "live") read();
    }, LOOK_MS);
    return () => {
      stop();
      clearTimeout(timer);
      clearInterval(looks);
      over.abort();
    };
  }, [version, moving]);
  return list;
}
