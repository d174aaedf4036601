/**
 * Text that others have written — names, commands, messages of a server — made harmless for a terminal: no escape
 * sequences, no C1 codes (which some terminals obey like ESC), no marks that turn the direction of text, by which a line
 * shows another order than it has (Unicode Standard Annex 9).
 */

const ORDERS =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB]/g;
const KEPT_OR_ORDER =
  // deno-lint-ignore no-control-regex
  /(\x1b\[[\d;]*m|[\n\t])|[\x00-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB]/g;

/** On one line, with control characters shown as their pictures, so that no command can write to the terminal by its name. */
export function plain(text: string): string {
  return text.replaceAll(ORDERS, picture);
}

/** The same for whole pages of this program's own: its colours, tabs and line ends stay. */
export function plainPage(text: string): string {
  return text.replaceAll(KEPT_OR_ORDER, (order, kept: string | undefined) => kept ?? picture(order));
}

/** JSON that means the same and has no such character in it: JSON.stringify escapes only those below U+0020. */
export function plainJson(json: string): string {
  return json.replaceAll(ORDERS, (order) => {
    return order === "\n" ? order : `\\u${order.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function picture(order: string): string {
  const code = order.charCodeAt(0);
  return code === 0x7f ? "\u2421" : code < 0x20 ? String.fromCharCode(0x2400 + code) : "\uFFFD";
}
