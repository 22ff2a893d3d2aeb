import { normalise } from '../normalise/normalise.ts';
import { UnitBuffer } from '../normalise/unit-buffer.ts';

const longest = 80;
/** Enough to have 80 characters left when all of them were encoded. */
const longestRead = 2_000;
const rounds = 3;
const buffer = new UnitBuffer();

/**
 * The first characters of a value, decoded so that a person can read them and safe for a terminal and a log line:
 * anything but printable ASCII (escape sequences, bidirectional marks, line breaks) is shown as `·`. At most 80
 * characters, the cut marked with `…`.
 */
export function excerpt(value: string): string {
  buffer.load(value.slice(0, longestRead));
  normalise(buffer, rounds);
  const read = buffer.toString();
  const safe = read.slice(0, longest).replace(/[^\x20-\x7e]/g, '·');
  return read.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}
