import { tokenCode as T } from '../tokens/token-class.ts';

/** Tokens `[first, last)` that are scored together. */
export interface TokenWindow {
  readonly first: number;
  readonly last: number;
}

/** Characters of the windows for the head and the tail; a shorter text is one window. */
const wholeUnits = 384;
const smallTokens = 20;
/** A text with fewer tokens is not cut into smaller windows. */
const fewTokens = 16;
const leastWeight = 8;
/** A comment behind little may cut off much. */
const leastBeforeComment = 5;
const smallOfShort = 3;
const smallOfLong = 12;
/** Of a long text so many windows begin in so many of the first and of the last tokens. */
const smallAtEnds = 3;
const mostAtEnds = 32;
/** Windows that begin nearer than this see the same. */
const apart = 6;

const weights = new Uint8Array(256);
for (const [codes, weight] of [
  [[T.SQ1, T.SQ2], 4],
  [[T.DQ1, T.DQ2, T.BQ1, T.BQ2, T.DASH2, T.CUT, T.COPEN, T.CCLOSE, T.VAR, T.SYSVAR, T.SAME, T.DOLLAR], 3],
  [[T.HASH, T.SEMI, T.LIKE, T.EQ, T.LT, T.GT, T.NULL, T.BOOL, T.DASH_WORD, T.JSONOP], 2],
  [[T.LP, T.RP, T.COMMA, T.AND, T.OR, T.NOT, T.IS, T.IN, T.ALL, T.BY, T.FROM, T.ANY, T.SET, T.STAR], 1],
] as const) {
  for (const code of codes) weights[code] = weight;
}
const unweighted: ReadonlySet<number> = new Set([T.ON, T.TO, T.AS, T.IF_WORD, T.CALL_WORD, T.ROW, T.LOAD]);
for (let code: number = T.DIV; code <= T.SP; code += 1) {
  if (weights[code] === 0 && !unweighted.has(code)) weights[code] = 5;
}
for (const code of [
  T.UNION,
  T.SELECT,
  T.WAITFOR,
  T.DECLARE,
  T.EXEC,
  T.SYSTEM,
  T.XP,
  T.F_DELAY,
  T.SLEEP,
  T.F_FILE,
]) {
  weights[code] = 6;
}

/** What a payload begins with, when it is cut out of what stands around it. */
const begins = new Uint8Array(256);
for (const code of [T.SQ1, T.DQ1, T.BQ1]) begins[code] = 6;
for (const code of [T.SEMI, T.RP, T.OR, T.AND, T.UNION, T.COPEN]) begins[code] = 3;
const isNumberLike = new Uint8Array(256);
for (const code of [T.NUM, T.WORD, T.NULL, T.BOOL]) isNumberLike[code] = 1;

const seen = new Uint8Array(256);

const isComment = new Uint8Array(256);
for (const code of [T.DASH2, T.DASH_WORD, T.HASH, T.CUT, T.COPEN]) isComment[code] = 1;

/**
 * Which parts of a text are scored. The whole of a short one, the head and tail of a long one, and small windows that
 * begin where a payload may begin and end where a comment cuts off what follows, so that nothing that is put around a
 * payload lowers its score.
 * @param ends where each token ends
 * @param length of the text
 */
export function chooseTokenWindows(
  tokens: Uint8Array,
  ends: Int32Array,
  count: number,
  length: number,
): TokenWindow[] {
  const out: TokenWindow[] = [];
  if (length <= wholeUnits) out.push({ first: 0, last: count });
  else {
    let last = 1;
    while (last < count && ends[last]! <= wholeUnits) last += 1;
    out.push({ first: 0, last });
    let first = count - 1;
    while (first > last && ends[first - 1]! > length - wholeUnits) first -= 1;
    if (first < count) out.push({ first, last: count });
  }
  addSmall(out, tokens, count, length > wholeUnits);
  return out;
}

function addSmall(out: TokenWindow[], tokens: Uint8Array, count: number, isLong: boolean): void {
  let markers = 0;
  for (let at = 1; at < count - 2 && markers === 0; at += 1) markers = isComment[tokens[at]!]!;
  if (count < fewTokens && markers === 0) return;
  const values = new Int32Array(count);
  const lasts = new Int32Array(count);
  let nextComment = count;
  for (let at = count - 1; at >= 0; at -= 1) {
    const code = tokens[at]!;
    // A window that begins with the marker itself reads on: what is behind it may be the payload.
    const last = Math.min(count, at + smallTokens, nextComment + 1);
    lasts[at] = last;
    let bonus = begins[code]!;
    if (isNumberLike[code] === 1 && weights[tokens[at + 1] ?? 0]! > 0) bonus = 4;
    if (at === 0) bonus = 6;
    if (isComment[code] === 1) nextComment = at;
    if (bonus === 0 && weights[code] === 0) continue;
    const weight = weigh(tokens, at, last);
    const least = last === nextComment + 1 ? leastBeforeComment : leastWeight;
    if (weight >= least) values[at] = weight + bonus;
  }
  const windows = { tokens: count, values, lasts };
  if (isLong) {
    // A payload is put in front of padding or behind it.
    take(out, windows, 0, mostAtEnds, smallAtEnds);
    take(out, windows, count - mostAtEnds, count, smallAtEnds);
  }
  take(out, windows, 0, count, isLong ? smallOfLong : smallOfShort);
}

/** Each kind of token counts twice at most, so that code full of quotes does not hide one break-out. */
function weigh(tokens: Uint8Array, first: number, last: number): number {
  seen.fill(0);
  let weight = 0;
  for (let at = first; at < last; at += 1) {
    const code = tokens[at]!;
    const times = seen[code]!;
    if (times === 2) continue;
    seen[code] = times + 1;
    weight += times === 0 ? weights[code]! : weights[code]! >> 1;
  }
  return weight;
}

function take(
  out: TokenWindow[],
  {
    tokens,
    values,
    lasts,
  }: { readonly tokens: number; readonly values: Int32Array; readonly lasts: Int32Array },
  from: number,
  to: number,
  most: number,
): void {
  const begin = Math.max(0, from);
  const end = Math.min(tokens, to);
  for (let chosen = 0; chosen < most; chosen += 1) {
    let best = begin;
    for (let at = begin + 1; at < end; at += 1) if (values[at]! > values[best]!) best = at;
    if (best >= end || values[best] === 0) return;
    const last = lasts[best]!;
    if (best > 0 || last < tokens) out.push({ first: best, last });
    const next = Math.min(tokens, best + apart);
    for (let at = Math.max(0, best - apart + 1); at < next; at += 1) values[at] = 0;
  }
}
