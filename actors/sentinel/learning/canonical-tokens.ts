import { tokenCode as T } from '../tokens/token-class.ts';

/** What an attacker may write for something else without changing what it does. */
const same = Uint8Array.from({ length: 256 }, (_, code) => code);
for (const [from, to] of [
  [T.SQ2, T.SQ1],
  [T.DQ2, T.DQ1],
  [T.BQ2, T.BQ1],
  [T.HEX, T.NUM],
  [T.EQ2, T.EQ],
  [T.NE, T.EQ],
  [T.SIMILAR, T.LIKE],
  [T.AMP2, T.AND],
  [T.PIPE2, T.OR],
  [T.XOR, T.OR],
  [T.DASH_FLAG, T.DASH2],
  [T.HASHTAG, T.HASH],
] as const) {
  same[from] = to;
}

/** A bracket behind these is no mere bracket. */
const called = new Uint8Array(256);
for (let code: number = T.IF; code <= T.F_CAST; code += 1) called[code] = 1;
for (const code of [T.CALL, T.WORD, T.XP, T.SP, T.SYSTEM, T.IN, T.VALUES, T.VAR, T.ROW, T.TABLE, T.INTO])
  called[code] = 1;

/** Behind these a sign belongs to the number. */
const beforeSign = new Uint8Array(256);
for (const code of [
  T.EQ,
  T.LIKE,
  T.LT,
  T.GT,
  T.AND,
  T.OR,
  T.NOT,
  T.LP,
  T.COMMA,
  T.SELECT,
  T.BETWEEN,
  T.START,
]) {
  beforeSign[code] = 1;
}

const isSum = new Uint8Array(256);
for (const code of [T.PLUS, T.MINUS, T.STAR, T.SLASH, T.DIV]) isSum[code] = 1;

const negated = new Uint8Array(256);
for (const code of [T.LIKE, T.IN, T.BETWEEN, T.EXISTS, T.NULL, T.BOOL, T.NUM]) negated[code] = 1;

/**
 * Folds tokens, in place, to what they do: operators in their other spellings, encoded and bracketed numbers
 * (`0x1`, `(1)`, `(select 1)`, `2-1`), signs and negations are the same as the plain ones.
 * @param starts where each token begins in the text; follows
 * @param ends where each token ends in the text; follows
 * @returns how many tokens are left
 */
export function canonicalTokens(
  tokens: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
): number {
  let write = 0;
  for (let at = 0; at < count; at += 1) {
    const code = same[tokens[at]!]!;
    let from = starts[at]!;
    const before = write > 0 ? tokens[write - 1]! : T.START;
    if (code === T.NUM || negated[code] === 1) {
      while (write > 1 && isSign(tokens[write - 1]!, code) && beforeSign[tokens[write - 2]!] === 1) {
        write -= 1;
        from = starts[write]!;
      }
      if (write > 0 && code !== T.NUM && tokens[write - 1] === T.NOT) {
        write -= 1;
        from = starts[write]!;
      }
      // A sum of numbers is a number.
      if (code === T.NUM && write > 1 && isSum[tokens[write - 1]!] === 1 && tokens[write - 2] === T.NUM) {
        write -= 1;
        ends[write - 1] = ends[at]!;
        continue;
      }
    } else if (code === T.RP && before === T.NUM) {
      const open = write > 1 && tokens[write - 2] === T.LP ? 2 : isSelected(tokens, write) ? 3 : 0;
      if (open > 0 && (write === open || called[tokens[write - open - 1]!] === 0)) {
        write -= open - 1;
        tokens[write - 1] = T.NUM;
        ends[write - 1] = ends[at]!;
        if (write > 2 && isSum[tokens[write - 2]!] === 1 && tokens[write - 3] === T.NUM) {
          write -= 2;
          ends[write - 1] = ends[at]!;
        }
        continue;
      }
    }
    tokens[write] = code;
    starts[write] = from;
    ends[write] = ends[at]!;
    write += 1;
  }
  return write;
}

function isSign(code: number, next: number): boolean {
  return next === T.NUM
    ? code === T.MINUS || code === T.PLUS || code === T.TILDE || code === T.BANG || code === T.NOT
    : false;
}

function isSelected(tokens: Uint8Array, write: number): boolean {
  return write > 2 && tokens[write - 2] === T.SELECT && tokens[write - 3] === T.LP;
}
