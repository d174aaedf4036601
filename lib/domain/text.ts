/** Text as it is compared in searches. */

/**
 * Folds case in any script, so that `ПРИВЕТ`, `привет` and `Straße`/`STRASSE` meet.
 * Upper-casing first does what Unicode calls full folding; the final sigma is the one letter it leaves in two shapes.
 */
export function fold(text: string): string {
  return text.normalize("NFC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

/** The folded words of a query, without repeats. */
export function words(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/u).filter((word) => word !== ""))];
}
