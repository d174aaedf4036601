import { may } from "../../state/session.ts";
import { Files } from "./files.tsx";
import { Queues } from "./queues.tsx";
import { Uploads } from "./uploads.tsx";
import { WorkerTable } from "./worker_table.tsx";

/** Slots and who holds them, transfers, queues, files. */
export function WorkersPage() {
  return (
    <div class="page columns">
      <div>
        {may("workers:read") && <WorkerTable />}
        {may("jobs:read") && <Queues />}
      </div>
      <div>
        {may("workers:write") && <Uploads />}
        {may("files:read") && <Files />}
      </div>
    </div>
  );
}
