import { hash, type KeyObject } from 'node:crypto';
import type { AuditReplica } from '../../runtime/protocol/audit.protocol.ts';
import type { OutboxRow } from '../../runtime/protocol/storage.protocol.ts';
import { outboxMac } from './outbox-mac.ts';
import { uuidV7 } from './uuid-v7.ts';

export type AuditedWrite = Parameters<AuditReplica['outboxRow']>[0];

/** Long texts of the outside are cut: the outbox takes 16 KiB, and an audit row must never stop a write. */
function short(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A user of a token is one already (`user:jdoe`); anybody else came with a key. */
function actorOf({ keyId }: AuditedWrite['identity']): string {
  return keyId.startsWith('user:') ? keyId : `key:${keyId}`;
}

/** Bytes of JSON for the list of operations: a hundred of them with names of usual length. */
const mostOperations = 12_000;

/** The same by what a text takes as JSON, where some characters are six bytes long. */
function shortJson(text: string, bytes: number): string {
  let limit = bytes;
  let cut = short(text, limit);
  while (Buffer.byteLength(JSON.stringify(cut)) > bytes) {
    limit = Math.floor(limit / 2);
    cut = short(text, limit);
  }
  return cut;
}

/**
 * The audit row of a write, ready for the write's own transaction. Written field by field in sorted order
 * because it is made for every write; a test compares it with `canonicalJson`.
 * @param now milliseconds since the epoch
 */
export function outboxRow(key: KeyObject, write: AuditedWrite, now: number = Date.now()): OutboxRow {
  const id = uuidV7(now);
  const { identity } = write;
  const digest =
    write.body === undefined ? '' : `"digest":"sha256:${hash('sha256', write.body, 'base64url')}",`;
  const details =
    write.operations === undefined
      ? ''
      : `"details":{"operations":${JSON.stringify(shortJson(write.operations, mostOperations))}},`;
  // A path that names no row leaves the table as the target.
  const whole = write.target === '' || write.target === write.table;
  const place = whole ? write.table : `${write.table}/${write.target}`;
  const entry =
    `{"action":${JSON.stringify(write.operation)},"actor":${JSON.stringify(write.actor ?? actorOf(identity))},` +
    `"address":${JSON.stringify(short(write.address, 64))},"at":"${new Date(now).toISOString()}",${details}${digest}` +
    `"id":"${id}","kind":"write","project":${JSON.stringify(identity.project)},` +
    `"requestId":${JSON.stringify(short(write.requestId, 128))},` +
    `"target":${JSON.stringify(short(place, 512))},"v":1}`;
  return { id, entry, mac: outboxMac(key, entry) };
}
