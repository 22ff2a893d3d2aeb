import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

const bytesPerId = 12;
const pool = 1024;

/**
 * Ids that nobody can guess: 96 random bits each, taken from the generator by the thousand, since one request of it
 * costs more than a frame.
 * @returns a function that gives the next one, 24 hexadecimal digits
 */
export function replyIds(): () => string {
  const bytes = Buffer.alloc(bytesPerId * pool);
  let at = bytes.length;
  return () => {
    if (at === bytes.length) {
      randomFillSync(bytes);
      at = 0;
    }
    at += bytesPerId;
    return bytes.toString('hex', at - bytesPerId, at);
  };
}
