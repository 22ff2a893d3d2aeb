import type { VerifyFinding } from '../../runtime/protocol/audit.protocol.ts';
import { linkHash } from './chain-link.ts';
import type { SealedRow } from './sealed-row.ts';

/**
 * Tells an entry that was moved from one that was edited: a moved one fits when its place is put back. Tried are the
 * places of all broken rows and the neighbours, so swaps, rotations and renumbering after a removal are seen.
 */
export function diagnoseLinks(project: string, broken: readonly SealedRow[]): readonly VerifyFinding[] {
  const places = new Set(broken.flatMap((row) => [row.seq - 1, row.seq, row.seq + 1]));
  return broken.map((row) => {
    for (const seq of places) {
      if (seq !== row.seq && linkHash({ ...row, seq }) === row.hash) {
        const detail = `entry ${row.seq} was sealed as number ${seq}`;
        return { project, seq: row.seq, problem: 'reordered', detail };
      }
    }
    const home = broken.find(
      (other) => other !== row && linkHash({ ...other, entry: row.entry }) === other.hash,
    );
    if (home !== undefined) {
      const detail = `the text of entry ${row.seq} was sealed as number ${home.seq}`;
      return { project, seq: row.seq, problem: 'reordered', detail };
    }
    return { project, seq: row.seq, problem: 'edited', detail: `entry ${row.seq} is not what was sealed` };
  });
}
