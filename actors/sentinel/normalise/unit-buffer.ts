/** Signs that call for work, as bits: which of them a value has is noted while it is loaded or decoded. */
export const HAS_ENCODING = 1;
export const HAS_SLASH = 2;
export const HAS_LINE_BREAK = 4;
export const HAS_PLUS = 8;
export const HAS_DOT = 16;

const asciiSigns = new Uint8Array(128);
for (const code of [0, 37, 38, 92, 127]) asciiSigns[code] = HAS_ENCODING;
asciiSigns[47] = HAS_SLASH;
asciiSigns[10] = HAS_LINE_BREAK;
asciiSigns[43] = HAS_PLUS;
asciiSigns[46] = HAS_DOT;

/** Signs of one character. Anything beyond ASCII may have to be folded. */
export function signsOf(code: number): number {
  return code < 128 ? asciiSigns[code]! : HAS_ENCODING;
}

const padding = 8;
const keptUnits = 1 << 16;
/** Up to here a loop is faster than a call into Node. */
const shortText = 256;

/**
 * The UTF-16 units of one value: decoded in place, then cut into tokens. Behind the last unit stand zeros, so that
 * looking ahead needs no check. One per thread, used again for every value.
 */
export class UnitBuffer {
  units = new Uint16Array(4096);
  length = 0;
  signs = 0;

  load(text: string): void {
    const length = text.length;
    if (length + padding > this.units.length) this.units = new Uint16Array(length + (length >> 1) + padding);
    else if (this.units.length > keptUnits && length < keptUnits / 2) {
      this.units = new Uint16Array(Math.max(4096, length + padding));
    }
    const units = this.units;
    let signs = 0;
    if (length > shortText) {
      Buffer.from(units.buffer).write(text, 'utf16le');
      for (let at = 0; at < length; at += 1) signs |= signsOf(units[at]!);
    } else {
      for (let at = 0; at < length; at += 1) {
        const code = text.charCodeAt(at);
        units[at] = code;
        signs |= signsOf(code);
      }
    }
    this.signs = signs;
    this.end(length);
  }

  /** Sets the length after the units were changed. */
  end(length: number): void {
    this.length = length;
    for (let at = length; at < length + padding; at += 1) this.units[at] = 0;
  }

  /** The units from `from` to `to` as text. */
  slice(from: number, to: number): string {
    return Buffer.from(this.units.buffer).toString('utf16le', from * 2, to * 2);
  }

  toString(): string {
    return this.slice(0, this.length);
  }
}
