import { useTogether } from "../../parts/together.ts";
import { bounds, may } from "../../state/session.ts";
import { Files } from "./files.tsx";
import { Queues } from "./queues.tsx";
import { Uploads } from "./uploads.tsx";
import { WorkerTable } from "./worker_table.tsx";

/** Slots and who holds them, transfers, queues, files. */
export function WorkersPage() {
  const workers = may("workers:read");
  // A queue counts the jobs of others too: whoever may only see some of them may not see it.
  const queues = may("jobs:read") && !bounds()?.labels;
  const files = may("files:read");
  const { waiting, ready } = useTogether([workers, queues, files].filter(Boolean).length);
  return (
    <div class={waiting ? "page columns waiting" : "page columns"} aria-busy={waiting}>
      <div>
        {workers && <WorkerTable onReady={ready} />}
        {queues && <Queues onReady={ready} />}
      </div>
      <div>
        {may("workers:write") && <Uploads />}
        {files && <Files onReady={ready} />}
      </div>
    </div>
  );
}
