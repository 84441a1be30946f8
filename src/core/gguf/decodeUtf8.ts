const replacement = 0xfffd;
const flushAt = 4096;

/** First byte -> number of continuation bytes and the smallest code point that needs them. */
function shapeOf(first: number): { readonly extra: number; readonly bits: number; readonly least: number } | null {
  if (first >= 0xc2 && first <= 0xdf) return { extra: 1, bits: first & 0x1f, least: 0x80 };
  if (first >= 0xe0 && first <= 0xef) return { extra: 2, bits: first & 0x0f, least: 0x800 };
  if (first >= 0xf0 && first <= 0xf4) return { extra: 3, bits: first & 0x07, least: 0x10000 };
  return null;
}

function isScalarValue(codePoint: number): boolean {
  return codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
}

/**
 * Decodes UTF-8 without TextDecoder, which the core's `lib` does not have. Broken sequences become U+FFFD; never throws.
 * @param bytes any bytes
 * @returns the text
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let pending: number[] = [];
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] ?? 0;
    index += 1;
    if (first < 0x80) {
      pending.push(first);
    } else {
      const shape = shapeOf(first);
      let codePoint = shape?.bits ?? replacement;
      let taken = 0;
      while (shape && taken < shape.extra && ((bytes[index + taken] ?? 0) & 0xc0) === 0x80) {
        codePoint = (codePoint << 6) | ((bytes[index + taken] ?? 0) & 0x3f);
        taken += 1;
      }
      const whole = shape !== null && taken === shape.extra && codePoint >= shape.least && isScalarValue(codePoint);
      pending.push(whole ? codePoint : replacement);
      index += taken;
    }
    if (pending.length >= flushAt) {
      text += String.fromCodePoint(...pending);
      pending = [];
    }
  }
  return text + String.fromCodePoint(...pending);
}
