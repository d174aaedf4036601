/** The subjects that are kept in tables of JSON, and by what they are found. */

import type { DatabaseSync } from "node:sqlite";
import type { FileRecord } from "../../domain/file.ts";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import { isFinalWorker, type Worker } from "../../domain/worker.ts";
import { DocTable } from "./doc_table.ts";

export function fileTable(db: DatabaseSync): DocTable<FileRecord> {
  return new DocTable(db, { kind: "file", table: "files", id: "name" });
}

export function uploadTable(db: DatabaseSync): DocTable<PartialUpload> {
  return new DocTable(db, {
    kind: "upload",
    table: "uploads",
    id: "id",
    columns: { name: ({ name }) => name, created: ({ created }) => created, touched: ({ touched }) => touched },
  });
}

export function workerTable(db: DatabaseSync): DocTable<Worker> {
  return new DocTable(db, {
    kind: "worker",
    table: "workers",
    id: "id",
    columns: {
      active: (worker) => isFinalWorker(worker) ? 0 : 1,
      ended: (worker) => isFinalWorker(worker) ? worker.ended ?? worker.expires : null,
    },
  });
}
