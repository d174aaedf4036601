/** What somebody has let go of over the page. */

import { useEffect } from "preact/hooks";

/** Files, and the names of folders, which a browser hands over as files of a few bytes that cannot be read. */
export function droppedFiles(transfer: DataTransfer): { files: File[]; folders: string[] } {
  const dropped: { files: File[]; folders: string[] } = { files: [], folders: [] };
  for (const item of transfer.items) {
    const file = item.getAsFile();
    if (!file) continue;
    if (item.webkitGetAsEntry()?.isDirectory) dropped.folders.push(file.name);
    else dropped.files.push(file);
  }
  return dropped;
}

/** What to tell of folders. */
export function foldersText(names: readonly string[]): string {
  const which = names.length === 1 ? `${names[0]} is a folder` : `${names.join(", ")} are folders`;
  return `${which}, and only files are taken: drop the files in it, or pack it into an archive.`;
}

/** A file that is dropped beside the place for it would take the page's place in the window: it is let fall. */
export function useNoDropsBeside(): void {
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    };
    addEventListener("dragover", refuse);
    addEventListener("drop", refuse);
    return () => {
      removeEventListener("dragover", refuse);
      removeEventListener("drop", refuse);
    };
  }, []);
}
