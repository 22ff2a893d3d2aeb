import type { PostCheck } from '../post-check.ts';

/** No daemon of this version ran before it was written. */
const earliest = Date.parse('2026-01-01T00:00:00Z');
/** Clocks are corrected by less than this, in milliseconds, without anybody noticing. */
const tolerated = 60_000;

/** Key expiry, audit times and UUIDv7 order all lean on a clock that is right and does not run backwards. */
export const clockCheck: PostCheck = {
  part: 'clock',
  required: false,
  run({ lastSeen }) {
    const now = Date.now();
    const facts = `${new Date(now).toISOString().slice(0, 19)}Z`;
    const fix = 'set the clock, best by NTP';
    if (now < earliest) return { outcome: 'warn', facts: `${facts}: not set`, fix };
    const last = lastSeen === undefined ? Number.NaN : Date.parse(lastSeen);
    if (last - now > tolerated)
      return { outcome: 'warn', facts: `${facts}: went back, this data was last used ${lastSeen}`, fix };
    return { outcome: 'ok', facts };
  },
};
