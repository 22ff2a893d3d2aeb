import { DIGIT, kinds, LETTER, SPACE } from '../tokens/kind-of-character.ts';
import { tokenCode as T } from '../tokens/token-class.ts';
import { statistics } from './feature-layout.ts';

const isWord = new Uint8Array(256);
const isCall = new Uint8Array(256);
const isOperator = new Uint8Array(256);
const isLineComment = new Uint8Array(256);
const isProseSign = new Uint8Array(128);
for (const code of [T.WORD, T.NUM, T.NULL, T.BOOL]) isWord[code] = 1;
for (let code: number = T.IF; code <= T.F_CAST; code += 1) isCall[code] = 1;
for (let code: number = T.EQ; code <= T.AMP2; code += 1) isOperator[code] = 1;
for (const code of [T.DASH2, T.HASH, T.CUT, T.DASH_WORD, T.DASH_FLAG]) isLineComment[code] = 1;
for (const sign of ' ,.!?\'-:"()&/\n') isProseSign[sign.charCodeAt(0)] = 1;

const firstKeyword: number = T.AND;

/**
 * Statistics of a window (`statistics` in `feature-layout.ts`); those of whole statements stay 0.
 * @param tokens of the window
 */
export function windowStatistics(
  units: Uint16Array,
  from: number,
  to: number,
  tokens: Uint8Array,
  count: number,
): Float32Array {
  const out = new Float32Array(statistics.length);
  const length = Math.max(1, to - from);
  let letters = 0;
  let digits = 0;
  let blanks = 0;
  let foreign = 0;
  let upper = 0;
  let open = 0;
  let unopened = 0;
  let prose = 1;
  let blockComment = 0;
  let versionComment = 0;
  const quotes = [0, 0, 0];
  for (let at = from; at < to; at += 1) {
    const code = units[at]!;
    const kind = kinds[code]!;
    if (code >= 128) foreign += 1;
    else if ((kind & LETTER) !== 0) {
      letters += 1;
      if (code >= 65 && code <= 90) upper += 1;
    } else if ((kind & DIGIT) !== 0) digits += 1;
    else {
      if ((kind & SPACE) !== 0) blanks += 1;
      else if (code === 40) open += 1;
      else if (code === 41) {
        if (open > 0) open -= 1;
        else unopened += 1;
      } else if (code === 39) quotes[0]! += 1;
      else if (code === 34) quotes[1]! += 1;
      else if (code === 96) quotes[2]! += 1;
      else if (code === 47 && units[at + 1] === 42) {
        blockComment = 1;
        if (units[at + 2] === 33) versionComment = 1;
      }
      if (isProseSign[code] === 0) prose = 0;
    }
  }
  let keywords = 0;
  let words = 0;
  let calls = 0;
  let operators = 0;
  let semicolons = 0;
  let lineComment = 0;
  let same = 0;
  let system = 0;
  let functions = 0;
  const seen = new Set<number>();
  for (let at = 0; at < count; at += 1) {
    const code = tokens[at]!;
    if (code >= firstKeyword) {
      keywords += 1;
      seen.add(code);
    }
    words += isWord[code]!;
    operators += isOperator[code]!;
    if (code === T.CALL || isCall[code] === 1) calls += 1;
    if (isCall[code] === 1 && code !== T.F_COMMON) functions += 1;
    if (code === T.SEMI) semicolons += 1;
    if (isLineComment[code] === 1) lineComment = 1;
    if (code === T.SAME) same = 1;
    if (code === T.SYSTEM || code === T.XP || code === T.SYSVAR) system = 1;
  }
  const last = tokens[count - 1] === T.END ? tokens[count - 2] : tokens[count - 1];
  const first = tokens[0] === T.START ? tokens[1]! : tokens[0]!;
  out[0] = Math.log2(length + 1) / 10;
  out[1] = letters / length;
  out[2] = digits / length;
  out[3] = blanks / length;
  out[4] = (length - letters - digits - blanks - foreign) / length;
  out[5] = foreign / length;
  out[6] = letters === 0 ? 0 : upper / letters;
  out[7] = Math.log2(count + 1) / 10;
  out[8] = count === 0 ? 0 : keywords / count;
  out[9] = count === 0 ? 0 : words / count;
  out[10] = Math.min(1, seen.size / 8);
  for (let kind = 0; kind < 3; kind += 1) out[11 + kind] = quotes[kind]! & 1;
  out[14] = Math.min(1, Math.log2(quotes[0]! + 1) / 4);
  out[15] = Math.min(1, Math.log2(quotes[1]! + 1) / 4);
  out[16] = Math.min(1, open / 3);
  out[17] = Math.min(1, unopened / 3);
  out[18] = blockComment;
  out[19] = versionComment;
  out[20] = lineComment;
  out[21] = last !== undefined && (isLineComment[last] === 1 || last === T.COPEN) ? 1 : 0;
  out[22] = Math.min(1, semicolons / 3);
  out[23] = same;
  out[24] = Math.min(1, calls / 4);
  out[25] = count === 0 ? 0 : operators / count;
  out[26] = first >= T.SQ1 && first <= T.BQ2 ? 1 : 0;
  out[27] = prose;
  out[30] = system;
  out[31] = Math.min(1, functions / 3);
  return out;
}
