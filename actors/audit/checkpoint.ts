import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** What a checkpoint says: at this time the chain of this project ended at `seq` with `hash`. */
export interface Checkpoint {
  readonly v: 1;
  readonly project: string;
  readonly seq: number;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  /** `checkpointHash` of the line before; zeros for the first. So no line in the middle can be left out. */
  readonly previous: string;
}

export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly keyId: string;
  /** Ed25519 over `checkpointText`, base64url. */
  readonly signature: string;
}

/** What is signed. The first line keeps a signature from meaning anything but a checkpoint. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `magflock-audit-checkpoint/1\n${canonicalJson(checkpoint)}`;
}

/** The line of the exported file. */
export function checkpointLine(signed: SignedCheckpoint): string {
  return canonicalJson(signed);
}

/** SHA-256 of a line, hex: what the next checkpoint names. */
export function checkpointHash(line: string): string {
  return hash('sha256', line);
}

/** @returns null when the line is not exactly what `checkpointLine` writes */
export function parseCheckpoint(line: string): SignedCheckpoint | null {
  try {
    const { checkpoint, keyId, signature } = JSON.parse(line) as SignedCheckpoint;
    const { v, project, seq, hash: chainHash, at, previous } = checkpoint;
    const texts = [project, chainHash, at, previous, keyId, signature];
    if (v !== 1 || !Number.isSafeInteger(seq) || texts.some((text) => typeof text !== 'string')) return null;
    const signed = {
      checkpoint: { v, project, seq, hash: chainHash, at, previous },
      keyId,
      signature,
    } as const;
    return checkpointLine(signed) === line ? signed : null;
  } catch {
    return null;
  }
}
