import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { excerpt } from '../../actors/sentinel/incidents/excerpt.ts';
import { IncidentRing } from '../../actors/sentinel/incidents/incident-ring.ts';
import { makeIncident } from '../../actors/sentinel/incidents/make-incident.ts';
import { ReportLimiter } from '../../actors/sentinel/incidents/report-limiter.ts';
import { uuidV7 } from '../../actors/sentinel/incidents/uuid-v7.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';
import { facts, find } from './support/judge.ts';

const request = facts({ query: 'id=%1b%5b2J%27%20or%201%3d1%20--%20', address: '192.0.2.9', id: 'r-9' });
const incident = makeIncident(request, find(request)!, 'block', Date.UTC(2026, 0, 2));

const numbered = (number: number): Incident => ({ ...incident, id: String(number) });

describe('an incident', () => {
  it('says what, where, when and from whom', () => {
    assert.equal(incident.project, 'main');
    assert.equal(incident.at, '2026-01-02T00:00:00.000Z');
    assert.equal(incident.agent, 'sqlguard');
    assert.equal(incident.where, 'query.id');
    assert.equal(incident.address, '192.0.2.9');
    assert.equal(incident.requestId, 'r-9');
    assert.match(incident.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('holds a digest of the value as it was received', () => {
    const value = '%1b%5b2J%27%20or%201%3d1%20--%20';
    assert.equal(incident.digest, createHash('sha256').update(value).digest('hex'));
  });

  it('has an excerpt and a path that a terminal cannot be harmed with', () => {
    const hostile = facts({ path: "/api/a\x1b[2J\u202e' or 1=1 -- " });
    const made = makeIncident(hostile, find(hostile)!, 'block');
    assert.match(made.path, /^[\x20-\x7e·…]{1,80}$/);
    assert.match(made.excerpt, /^[\x20-\x7e·…]{1,80}$/);
  });

  it('shows what a person can read', () => {
    assert.equal(excerpt('%271%2527%00%20%e2%80%99'), "'1' '");
    assert.equal(excerpt('\x1b[2Jé\u202e'), '·[2J·');
  });

  it('is cut to 80 characters whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (value) => {
        const cut = excerpt(value);
        assert.ok(cut.length <= 80 && /^[\x20-\x7e·…]*$/.test(cut));
      }),
    );
  });

  it('has an id of its own, in order of time', () => {
    const ids = Array.from({ length: 1000 }, (_, at) => uuidV7(1_700_000_000_000 + at));
    assert.equal(new Set(ids).size, 1000);
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(Number.parseInt(ids[0]!.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_000);
  });
});

describe('reports', () => {
  it('go out in full up to the limit, then are counted, and the next one carries the count', () => {
    const sent: Incident[] = [];
    const limiter = new ReportLimiter(3, (report) => sent.push(report));
    for (let number = 1; number <= 10; number += 1) limiter.report(numbered(number));
    assert.deepEqual(
      sent.map(({ id }) => id),
      ['1', '2', '3'],
    );
    limiter.tick();
    assert.deepEqual(sent.map(({ id, suppressed }) => [id, suppressed ?? 0]).at(-1), ['10', 6]);
    const total = sent.reduce((sum, { suppressed }) => sum + 1 + (suppressed ?? 0), 0);
    assert.equal(total, 10);
  });

  it('that were not held back carry no count', () => {
    const sent: Incident[] = [];
    const limiter = new ReportLimiter(2, (report) => sent.push(report));
    limiter.report(numbered(1));
    limiter.tick();
    limiter.report(numbered(2));
    assert.deepEqual(
      sent.map((report) => 'suppressed' in report),
      [false, false],
    );
  });
});

describe('the ring of recent incidents', () => {
  it('keeps the newest, oldest first', () => {
    const ring = new IncidentRing(3);
    assert.deepEqual(ring.list(), []);
    for (let number = 1; number <= 5; number += 1) ring.push(numbered(number));
    assert.deepEqual(
      ring.list().map(({ id }) => id),
      ['3', '4', '5'],
    );
  });
});
