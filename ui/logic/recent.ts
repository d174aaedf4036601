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
  storage.setItem(PLACE, JSON.stringify([command, ...others].slice(0, MOST)));
}
