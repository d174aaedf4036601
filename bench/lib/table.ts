/** Prints rows as a Markdown table: the first column to the left, figures to the right. */
export function printTable(head: string[], rows: (string | number)[][]): void {
  const text = rows.map((row) => row.map((cell) => typeof cell === "number" ? figure(cell) : cell));
  const widths = head.map((title, i) => Math.max(title.length, ...text.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join(" | ")} |`;
  console.log(line(head));
  console.log(`| ${widths.map((width, i) => i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`).join(" | ")} |`);
  for (const row of text) console.log(line(row));
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
