import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * Above what systemd hands out to users, services and containers, below the sign bit
 * (https://systemd.io/UIDS-GIDS/).
 */
const range = { first: 1_900_000_000, count: 100_000_000 };

/** A number for uid and gid that no account, no running process and no other cage has. */
export function freeUid(): number {
  const taken = takenUids();
  const { first, count } = mappedRange();
  for (let tries = 0; tries < 1000; tries++) {
    const uid = first + randomInt(count);
    if (!taken.has(uid)) return uid;
  }
  throw new RangeError('no free uid for a cage');
}

/** A container may map only some numbers; then the upper half of the highest that are mapped. */
function mappedRange(): { first: number; count: number } {
  const spans = readFileSync('/proc/self/uid_map', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([first = 0, , count = 0]) => ({ first, count }));
  const end = range.first + range.count;
  if (spans.some((span) => span.first <= range.first && span.first + span.count >= end)) return range;
  const widest = spans.reduce((best, span) => (span.count > best.count ? span : best), {
    first: 0,
    count: 0,
  });
  const half = Math.floor(widest.count / 2);
  if (half < 2) throw new RangeError('no uid is mapped here that a cage could have');
  return { first: widest.first + half, count: widest.count - half };
}

function takenUids(): ReadonlySet<number> {
  const taken = new Set<number>([0, 65534]);
  for (const file of ['/etc/passwd', '/etc/group']) {
    for (const line of readFileSync(file, 'utf8').split('\n')) taken.add(Number(line.split(':')[2]));
  }
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const owner = statSync(`/proc/${name}`, { throwIfNoEntry: false })?.uid;
    if (owner !== undefined) taken.add(owner);
  }
  return taken;
}
