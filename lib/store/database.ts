/** The database file: opening it, making it, bringing it up to date, refusing what is not one. */

import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseDamaged, DatabaseTooNew } from "./errors.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import { isDamage } from "./sqlite_error.ts";

/** How long the write-ahead log becomes before it is taken into the database; pages of 4096 bytes. */
export const LOG_PAGES = 1500;

/** For the one connection that writes. Every commit is synced to disk before it is acknowledged. */
export function openForWriting(path: string): DatabaseSync {
  return configured(
    new DatabaseSync(path),
    `PRAGMA journal_mode = WAL;
     PRAGMA synchronous = FULL;
     PRAGMA wal_autocheckpoint = ${LOG_PAGES};
     PRAGMA journal_size_limit = 16777216;
     PRAGMA cache_size = -32768;
     PRAGMA temp_store = MEMORY;`,
  );
}

/** Sees every commit that was acknowledged before the read began. */
export function openForReading(path: string): DatabaseSync {
  return configured(
    new DatabaseSync(path, { readOnly: true }),
    "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;",
  );
}

/** Runs the pragmas, which are the first to touch the file, and lets go of it when they fail. */
function configured(db: DatabaseSync, pragmas: string): DatabaseSync {
  try {
    db.exec(pragmas);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Makes the database when there is none and brings an older one up to date. Answers whether it is `marked`: made by a
 * release that keeps a marker beside it.
 * @throws {DatabaseTooNew}
 * @throws {DatabaseDamaged}
 */
export async function prepareDatabase(path: string): Promise<{ marked: boolean }> {
  if (await sizeOf(path) === null) {
    await create(path);
    return { marked: false };
  }
  await checkHeader(path);
  try {
    const db = openForWriting(path);
    try {
      const marked = schemaObjects(db).has("table identity");
      migrate(db, path);
      return { marked };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof DatabaseTooNew || error instanceof DatabaseDamaged) throw error;
    if (isDamage(error)) throw new DatabaseDamaged(path, (error as Error).message, error);
    throw error;
  }
}

/** Made under another name first, so that a file of the real name is always a whole database, and an empty one a damaged one. */
async function create(path: string): Promise<void> {
  const draft = `${path}.new`;
  if (await sizeOf(`${path}-wal`)) {
    throw new DatabaseDamaged(path, `the file is missing, though its write-ahead log ${path}-wal is there`);
  }
  for (const leftover of [draft, `${draft}-wal`, `${draft}-shm`, `${path}-wal`, `${path}-shm`]) {
    if (await sizeOf(leftover) !== null) await Deno.remove(leftover);
  }
  const file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
  file.close();
  const db = openForWriting(draft);
  migrate(db, draft);
  db.close();
  await Deno.rename(draft, path);
  const directory = await Deno.open(dirname(path));
  await directory.sync();
  directory.close();
}

function migrate(db: DatabaseSync, path: string): void {
  const found = schemaOf(db);
  if (found > MIGRATIONS.length) throw new DatabaseTooNew(path, found, MIGRATIONS.length);
  if (found > 0) checkSchema(db, path, found);
  if (found === MIGRATIONS.length) return;
  db.exec("BEGIN IMMEDIATE");
  for (const migration of MIGRATIONS.slice(found)) migration(db);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  db.exec("COMMIT");
}

function schemaOf(db: DatabaseSync): number {
  return Number((db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);
}

/** The file format's fixed first bytes, and its own idea of its size (https://www.sqlite.org/fileformat2.html). */
async function checkHeader(path: string): Promise<void> {
  const size = await sizeOf(path) ?? 0;
  if (size === 0) throw new DatabaseDamaged(path, "the file is empty");
  const header = new Uint8Array(100);
  const file = await Deno.open(path);
  const read = await file.read(header);
  file.close();
  if (read !== 100 || new TextDecoder().decode(header.subarray(0, 15)) !== "SQLite format 3") {
    throw new DatabaseDamaged(path, "it is not an SQLite database");
  }
  const view = new DataView(header.buffer);
  const pageSize = view.getUint16(16) === 1 ? 65536 : view.getUint16(16);
  const expected = view.getUint32(28) * pageSize;
  // With a write-ahead log beside it the file may lawfully be behind its own header.
  if (size < expected && !await sizeOf(`${path}-wal`)) {
    throw new DatabaseDamaged(path, `it is cut short (${size} of ${expected} bytes)`);
  }
}

/** Everything that the migrations up to `found` make has to be there, just as they make it. */
function checkSchema(db: DatabaseSync, path: string, found: number): void {
  const expected = new DatabaseSync(":memory:");
  try {
    for (const migration of MIGRATIONS.slice(0, found)) migration(expected);
    const there = schemaObjects(db);
    for (const [name, sql] of schemaObjects(expected)) {
      if (!there.has(name)) throw new DatabaseDamaged(path, `it has no ${name}`);
      if (there.get(name) !== sql) throw new DatabaseDamaged(path, `its ${name} is not as it was made`);
    }
  } finally {
    expected.close();
  }
}

/** `table keys` and the like, with how each was made. */
function schemaObjects(db: DatabaseSync): Map<string, string | null> {
  const rows = db.prepare("SELECT type || ' ' || name AS name, sql FROM sqlite_schema").all();
  return new Map((rows as { name: string; sql: string | null }[]).map(({ name, sql }) => [name, sql]));
}

/** In bytes; null for a file that is not there. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
