/** Commands that were submitted from this browser, newest first. */

const PLACE = "stint.recent";
const MOST = 20;

export function recentCommands(storage: Pick<Storage, "getItem"> = localStorage): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function rememberCommand(command: string, storage: Pick<Storage, "getItem" | "setItem"> = localStorage): void {
  const others = recentCommands(storage).filter((each) => each !== command);
  try {
    storage.setItem(PLACE, JSON.stringify([command, ...others].slice(0, MOST)));
  } catch {
    // Where nothing may be stored, or no more, commands are typed again; the job is submitted all the same.
    return;
  }
}

/** Whoever signs in next need not see them. */
export function forgetCommands(storage: Pick<Storage, "removeItem"> = localStorage): void {
  try {
    storage.removeItem(PLACE);
  } catch {
    // Where nothing may be stored there is nothing to forget.
    return;
  }
}
