import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type { VerifyFinding } from '../../runtime/protocol/audit.protocol.ts';
import { genesisHash, linkHash, linkSeal } from './chain-link.ts';
import type { ChainHead, ChainStore } from './chain-store.ts';
import { diagnoseLinks } from './diagnose-links.ts';
import type { SealedRow } from './sealed-row.ts';

export interface VerifyChainOptions {
  readonly signal?: AbortSignal;
  /** Told after each batch how many entries it had. */
  readonly progress?: (entries: number) => void;
}

const batchEntries = 1000;
const namedLinks = 200;

/**
 * Walks one chain from its first entry and names what does not fit. Memory is bounded by the batch and by the
 * broken links that are named (200; the rest is counted).
 */
export async function verifyChain(
  store: ChainStore,
  sealKey: KeyObject,
  project: string,
  options: VerifyChainOptions = {},
): Promise<{ readonly entries: number; readonly findings: readonly VerifyFinding[] }> {
  const findings: VerifyFinding[] = [];
  const find = (seq: number | null, problem: VerifyFinding['problem'], detail: string): void => {
    findings.push({ project, seq, problem, detail });
  };
  const broken: SealedRow[] = [];
  let unnamed = 0;
  let entries = 0;
  // Read in one statement, so writers at work do not look like a difference.
  const { head, last } = await store.head(project);
  let previous = { seq: 0, hash: genesisHash, sound: true };

  while (last !== null && previous.seq < last.seq) {
    options.signal?.throwIfAborted();
    const rows = await store.walk(project, previous.seq, last.seq, batchEntries);
    if (rows.length === 0) break;
    for (const row of rows) {
      const gap = row.seq - previous.seq - 1;
      if (gap > 0) find(previous.seq + 1, 'removed', missingEntries(previous.seq + 1, row.seq - 1));
      const sound = isSound(sealKey, row);
      if (!sound) {
        if (broken.length < namedLinks) broken.push(row);
        else unnamed++;
      } else if (gap === 0 && previous.sound && row.previousHash !== previous.hash) {
        find(row.seq, 'reordered', `entry ${row.seq} is authentic but does not follow entry ${previous.seq}`);
      } else if (row.kind === 'threat') {
        const told = sealedFinding(row);
        if (told !== null) find(row.seq, told.problem, told.detail);
      }
      previous = { seq: row.seq, hash: row.hash, sound };
    }
    entries += rows.length;
    options.progress?.(rows.length);
  }

  findings.push(...diagnoseLinks(project, broken));
  if (unnamed > 0) find(null, 'edited', `${unnamed} more entries do not fit`);
  compareEnds(head, last, find);
  return { entries, findings };
}

/** Whether the row is exactly what the daemon sealed: its text, its place, its seal, and the copies beside it. */
function isSound(sealKey: KeyObject, row: SealedRow): boolean {
  const hash = linkHash(row);
  if (hash !== row.hash) return false;
  const seal = Buffer.from(linkSeal(sealKey, hash));
  const given = Buffer.from(row.seal);
  if (given.length !== seal.length || !timingSafeEqual(given, seal)) return false;
  const entry = JSON.parse(row.entry) as { readonly id?: unknown; readonly kind?: unknown };
  return entry.id === row.id && entry.kind === row.kind;
}

/** Entries in which the daemon itself has put down that somebody meddled. */
function sealedFinding(row: SealedRow): Pick<VerifyFinding, 'problem' | 'detail'> | null {
  const entry = JSON.parse(row.entry) as {
    readonly action?: string;
    readonly at?: string;
    readonly target?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  if (entry.action === 'outbox.unauthentic') {
    const detail = `${entry.target} was found at ${entry.at}: ${String(entry.details?.['problem'])}`;
    return { problem: 'unauthentic-outbox-row', detail };
  }
  if (entry.action === 'audit.head.meddled') {
    return { problem: 'edited', detail: `the head row was changed or removed before ${entry.at}` };
  }
  return null;
}

function compareEnds(
  head: ChainHead | null,
  last: ChainHead | null,
  find: (seq: number | null, problem: VerifyFinding['problem'], detail: string) => void,
): void {
  const lastSeq = last?.seq ?? 0;
  if (head === null) {
    if (last !== null) find(null, 'edited', `the head row is missing; the chain has ${lastSeq} entries`);
  } else if (head.seq > lastSeq) {
    find(lastSeq + 1, 'tail-removed', missingEntries(lastSeq + 1, head.seq));
  } else if (head.seq < lastSeq) {
    find(head.seq, 'edited', `the head row says ${head.seq}, the chain has ${lastSeq} entries`);
  } else if (head.hash !== last?.hash && lastSeq > 0) {
    find(lastSeq, 'edited', `the head row and entry ${lastSeq} have different hashes`);
  }
}

function missingEntries(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
