/** In the fold table: the character is invisible and is taken out. */
export const REMOVED = 1;

/** Blocks whose compatibility forms (Unicode NFKC) may be ASCII: superscripts, letter-like signs, full width… */
const blocks: readonly (readonly [from: number, to: number])[] = [
  [0x00a0, 0x00ff],
  [0x017f, 0x017f],
  [0x02b0, 0x02ff],
  [0x2000, 0x214f],
  [0x2460, 0x24ff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xffef],
];

/** The last one stands for bytes that are no UTF-8, such as the no-break space of Latin-1. */
const spaces = [0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfffd];
const invisible: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x00],
  [0x7f, 0x7f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
];
/** Signs that a database or a driver with another character set has been seen to take for a quote. */
const apostrophes = [0x2018, 0x2019, 0x201a, 0x201b, 0x2032, 0x2035, 0x02b9, 0x02bb, 0x02bc, 0x02bd, 0xb4];
const quotationMarks = [0x201c, 0x201d, 0x201e, 0x201f, 0x2033, 0x2036, 0x02ba];

function build(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [from, to] of blocks) {
    for (let code = from; code <= to; code += 1) {
      const folded = String.fromCharCode(code).normalize('NFKC');
      if (folded.length === 1 && folded.charCodeAt(0) < 128) table[code] = folded.charCodeAt(0);
    }
  }
  for (const code of spaces) table[code] = 32;
  for (let code = 0x2000; code <= 0x200a; code += 1) table[code] = 32;
  for (const [from, to] of invisible) for (let code = from; code <= to; code += 1) table[code] = REMOVED;
  for (const code of apostrophes) table[code] = 39;
  for (const code of quotationMarks) table[code] = 34;
  table[0x131] = 105; // dotless i becomes I in upper case
  return table;
}

/**
 * For each UTF-16 code unit: 0 it stays, REMOVED it goes, else the ASCII character it stands for. Only the part of
 * NFKC that ends in one ASCII character: that is all a token can see, and unlike `normalize` it is linear.
 */
export const foldTable: Uint8Array = build();
