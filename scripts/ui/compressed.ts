/** The two compressed forms that the built files are kept in. */

import { brotliCompressSync, constants, gzipSync } from "node:zlib";

export function compressed(bytes: Uint8Array): { br: Uint8Array; gz: Uint8Array } {
  const { BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { br: brotliCompressSync(bytes, { params }), gz: gzipSync(bytes, { level: 9 }) };
}
