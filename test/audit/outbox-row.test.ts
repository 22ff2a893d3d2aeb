import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { auditKeys } from '../../actors/audit/audit-keys.ts';
import { canonicalJson } from '../../actors/audit/canonical-json.ts';
import { outboxMacFits } from '../../actors/audit/outbox-mac.ts';
import { type AuditedWrite, outboxRow } from '../../actors/audit/outbox-row.ts';

const { outbox, seal } = auditKeys('a7'.repeat(32));
const plain: AuditedWrite = {
  identity: {
    project: 'main',
    role: 'service_role',
    claims: '{}',
    isAnonymous: false,
    keyId: 'k1',
    scopes: {},
  },
  requestId: 'r1',
  address: '127.0.0.1',
  operation: 'insert',
  table: 'track',
  target: '5',
  body: '{"name":"Ärger"}',
};

describe('the outbox row of a write', () => {
  const writes: readonly [name: string, change: Partial<AuditedWrite>][] = [
    ['a plain one', {}],
    ['one without a body', { body: undefined }],
    ['one with an empty body', { body: '' }],
    ['one without a target', { target: '' }],
    ['quotes and control characters', { requestId: '"\u0000\u001b\n\\', target: "o'brien\u2028" }],
    ['half a surrogate', { target: '\ud800' }],
    ['one of several operations', { operation: 'batch', operations: 'insert orders; update "stock" ×3' }],
    ['very many operations', { operations: 'insert ä; '.repeat(5000) }],
    ['operations on odd tables', { operations: '\u0001'.repeat(11_000), target: '\u0001'.repeat(500) }],
    ['a very long target', { target: 'x'.repeat(100_000), requestId: 'y'.repeat(100_000) }],
  ];
  for (const [name, change] of writes) {
    it(`is canonical JSON for ${name}, and fits the outbox`, () => {
      const row = outboxRow(outbox, { ...plain, ...change });
      const entry = JSON.parse(row.entry);
      equal(row.entry, canonicalJson(entry));
      equal(entry.id, row.id);
      ok(Buffer.byteLength(row.entry) <= 16_384);
      ok(outboxMacFits(outbox, row.entry, row.mac));
    });
  }

  it('names who wrote when that was no key', () => {
    const { entry } = outboxRow(outbox, { ...plain, actor: 'extension:acme.hello' });
    equal(JSON.parse(entry).actor, 'extension:acme.hello');
  });

  it('tells the user of a token from a key of the same name', () => {
    const actorOf = (keyId: string): unknown =>
      JSON.parse(outboxRow(outbox, { ...plain, identity: { ...plain.identity, keyId } }).entry).actor;
    deepEqual([actorOf('k1'), actorOf('user:k1')], ['key:k1', 'user:k1']);
  });

  it('says who did what to what, with a digest in place of the payload', () => {
    const at = Date.parse('2026-01-02T03:04:05.678Z');
    const { id, entry } = outboxRow(outbox, plain, at);
    deepEqual(JSON.parse(entry), {
      v: 1,
      id,
      kind: 'write',
      project: 'main',
      action: 'insert',
      actor: 'key:k1',
      address: '127.0.0.1',
      requestId: 'r1',
      target: 'track/5',
      digest: `sha256:${createHash('sha256').update('{"name":"Ärger"}').digest('base64url')}`,
      at: '2026-01-02T03:04:05.678Z',
    });
    ok(!entry.includes('rger'));
  });

  for (const [target, place] of [
    ['5', 'track/5'],
    ['1,3402', 'track/1,3402'],
    ['', 'track'],
    ['track', 'track'],
  ] as const) {
    it(`names ${place} for the target ${JSON.stringify(target)}`, () => {
      equal(JSON.parse(outboxRow(outbox, { ...plain, target }).entry).target, place);
    });
  }

  it('has a UUIDv7 that grows with time and never comes twice', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => outboxRow(outbox, plain, 1_000_000 + index).id);
    match(ids[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    deepEqual([...ids].sort(), ids);
    equal(new Set(Array.from({ length: 2000 }, () => outboxRow(outbox, plain, 1).id)).size, 2000);
  });

  const { entry, mac } = outboxRow(outbox, plain);
  const forgeries: readonly [name: string, entry: string, mac: string][] = [
    ['a changed entry', entry.replace('insert', 'delete'), mac],
    ['another project', entry.replace('"main"', '"shop"'), mac],
    ['a cut MAC', entry, mac.slice(0, -1)],
    ['no MAC', entry, ''],
    ['the MAC of another key', entry, outboxRow(seal, plain).mac],
    ['a MAC with one bit changed', entry, (mac.startsWith('A') ? 'B' : 'A') + mac.slice(1)],
    ['a MAC and more', entry, `${mac}=`],
  ];
  for (const [name, text, code] of forgeries) {
    it(`does not pass with ${name}`, () => equal(outboxMacFits(outbox, text, code), false));
  }
});

describe('canonical JSON', () => {
  const rows: readonly [value: unknown, text: string][] = [
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: 1, c: [3, { z: 1, y: 2 }] }, a: undefined }, '{"b":{"c":[3,{"y":2,"z":1}],"d":1}}'],
    ['ä\n', '"ä\\n"'],
    [null, 'null'],
    [[true, 1.5, 'x'], '[true,1.5,"x"]'],
    [{ Z: 1, a: 2, ä: 3 }, '{"Z":1,"a":2,"ä":3}'],
  ];
  for (const [value, text] of rows) it(`writes ${text}`, () => equal(canonicalJson(value), text));
});
