/** Columns for people. */

/** One line for the head and one for each row; columns as wide as what is in them, two spaces apart. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...row[column]!].length)));
  const padded = (text: string, width: number) => text + " ".repeat(width - [...text].length);
  return all.map((row) => row.map((text, column) => padded(text, widths[column]!)).join("  ").trimEnd()).join("\n");
}
