import type { UnitBuffer } from '../normalise/unit-buffer.ts';

/** Shorter texts are read whole anyway. */
const shortest = 256;
/** So many units that stood in the text before are padding. */
const repeated = 32;
/** Units that are compared at first. */
const seed = 12;
const slots = 1 << 14;

const places = new Int32Array(slots);

/**
 * Takes out, in place, what stood in the text before: periodic padding, lines and paragraphs that come again. What
 * comes first stays, so a payload is never taken out whole. One pass, as a compressor would look for repeats (LZ77).
 */
export function skipRepeats(buffer: UnitBuffer): void {
  const { units, length } = buffer;
  if (length < shortest) return;
  places.fill(-1);
  let write = 0;
  for (let at = 0; at < length; ) {
    if (at + repeated <= length) {
      const slot = slotOf(units, at);
      const place = places[slot]!;
      if (place >= 0) {
        // `place` counts written units; what was written is left alone, so the two cannot be mistaken.
        const same = sameUnits(units, place, write, at, length);
        if (same >= repeated) {
          at += same;
          continue;
        }
      }
    }
    units[write] = units[at]!;
    write += 1;
    at += 1;
    if (write >= seed) places[slotOf(units, write - seed)] = write - seed;
  }
  buffer.end(write);
}

/** How many units from `at` on are those from `place` on; where what was written ends, the repeat goes on with itself. */
function sameUnits(units: Uint16Array, place: number, written: number, at: number, length: number): number {
  const period = written - place;
  let same = 0;
  while (at + same < length && units[place + (same < period ? same : same % period)] === units[at + same])
    same += 1;
  return same;
}

function slotOf(units: Uint16Array, at: number): number {
  let hash = 0;
  for (let step = 0; step < seed; step += 1) hash = (Math.imul(hash, 0x9e37_79b1) ^ units[at + step]!) | 0;
  return (hash ^ (hash >>> 15)) & (slots - 1);
}
