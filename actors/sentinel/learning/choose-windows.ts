import { hashStep, keywordClass } from '../tokens/keyword-table.ts';
import { kinds, LETTER, WORD_PART } from '../tokens/kind-of-character.ts';
import { tokenCode as T } from '../tokens/token-class.ts';

/** A part of a text, `[from, to)`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Windows begin at multiples of a part of their size. */
const steps = 4;

const weights = new Uint8Array(128);
for (const [signs, weight] of [
  ["'", 4],
  ['"`', 3],
  ['#;', 2],
  ['()=<>|&@*', 1],
] as const) {
  for (const sign of signs) weights[sign.charCodeAt(0)] = weight;
}

/** Words that people use in every sentence weigh little. */
const keywordWeights = new Uint8Array(256).fill(4);
keywordWeights[0] = 0;
for (const code of [T.AND, T.OR, T.NOT, T.IS, T.IN, T.ALL, T.BY, T.FROM, T.ON, T.TO, T.AS, T.ANY, T.SET]) {
  keywordWeights[code] = 1;
}
for (const code of [T.UNION, T.SELECT, T.WAITFOR, T.DECLARE, T.EXEC, T.SYSTEM, T.XP])
  keywordWeights[code] = 6;

/**
 * Which parts of a long text are scored: its beginning, its end, and where quotes, comments and keywords are densest.
 * @param size of a window
 * @param most windows; the first two are head and tail
 */
export function chooseWindows(units: Uint16Array, length: number, size: number, most: number): Window[] {
  if (length <= size) return [{ from: 0, to: length }];
  const step = Math.floor(size / steps);
  const weight = weigh(units, length, step);
  const chosen: Window[] = [
    { from: 0, to: size },
    { from: length - size, to: length },
  ];
  const sums = new Int32Array(weight.length);
  for (let at = 0; at < weight.length; at += 1) {
    for (let part = 0; part < steps; part += 1) sums[at]! += weight[at + part] ?? 0;
  }
  while (chosen.length < most) {
    let best = -1;
    let most_ = 0;
    for (let at = 0; at < sums.length; at += 1) {
      if (sums[at]! > most_) {
        most_ = sums[at]!;
        best = at;
      }
    }
    if (best < 0) break;
    const from = Math.min(best * step, length - size);
    chosen.push({ from, to: from + size });
    // Windows overlap by half at most, so that no payload is cut in every one of them.
    for (let at = Math.max(0, best - 1); at <= best + 1 && at < sums.length; at += 1) sums[at] = 0;
  }
  return chosen;
}

function weigh(units: Uint16Array, length: number, step: number): Int32Array {
  const weight = new Int32Array(Math.ceil(length / step));
  for (let at = 0; at < length; ) {
    const code = units[at]!;
    const part = Math.floor(at / step);
    if ((kinds[code]! & LETTER) !== 0) {
      const from = at;
      let hash = 0;
      while (at < length && (kinds[units[at]!]! & WORD_PART) !== 0) {
        const unit = units[at]!;
        hash = hashStep(hash, unit >= 65 && unit <= 90 ? unit + 32 : unit);
        at += 1;
      }
      weight[part]! += keywordWeights[keywordClass(units, from, at, hash, units[at] === 40 ? 1 : 0)]!;
      continue;
    }
    if (code < 128) weight[part]! += weights[code]!;
    const next = units[at + 1];
    if ((code === 45 && next === 45) || (code === 47 && next === 42)) weight[part]! += 3;
    at += 1;
  }
  return weight;
}
