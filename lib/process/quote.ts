/** `text` as one word of shell source. Between single quotes nothing is special but the single quote; NUL cannot be said. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
