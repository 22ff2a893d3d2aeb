import { createHmac, hash, type KeyObject } from 'node:crypto';

/** What the first entry of a chain follows. */
export const genesisHash: string = '0'.repeat(64);

export interface ChainLink {
  readonly project: string;
  readonly seq: number;
  readonly previousHash: string;
  /** Canonical JSON text. */
  readonly entry: string;
}

/**
 * SHA-256 of a link, hex: anybody can check a chain with it. Only the last field may hold a line feed, so no two
 * links have the same text.
 */
export function linkHash(link: ChainLink): string {
  return hash(
    'sha256',
    `magflock-audit-chain/1\n${link.project}\n${link.seq}\n${link.previousHash}\n${link.entry}`,
  );
}

/** HMAC of a link's hash, hex: only the daemon can make it, so who writes to the database cannot mend the chain. */
export function linkSeal(key: KeyObject, linkHashHex: string): string {
  return createHmac('sha256', key).update(linkHashHex).digest('hex');
}
