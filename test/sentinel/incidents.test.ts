import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { isBehindUnknownProxy } from '../../actors/sentinel/incidents/behind-unknown-proxy.ts';
import { countsForBlocking } from '../../actors/sentinel/incidents/counts-for-blocking.ts';
import { excerpt } from '../../actors/sentinel/incidents/excerpt.ts';
import { explain } from '../../actors/sentinel/incidents/explain.ts';
import { IncidentRing } from '../../actors/sentinel/incidents/incident-ring.ts';
import { type JudgedValue, makeIncident } from '../../actors/sentinel/incidents/make-incident.ts';
import { ReportLimiter } from '../../actors/sentinel/incidents/report-limiter.ts';
import { uuidV7 } from '../../actors/sentinel/incidents/uuid-v7.ts';
import type { Incident, InspectionFacts } from '../../runtime/protocol/sentinel.protocol.ts';
import { facts, find } from './support/judge.ts';

const judged = (request: InspectionFacts): JudgedValue => {
  const { surface, where, value, score, signature } = find(request)!;
  const explanation = explain({ name: signature.name, score }, undefined);
  return { surface, where, text: value, score, band: 'high', action: 'block', explanation, features: null };
};
const outcome = { enforced: true, counts: true, keyId: 'k1' };

const request = facts({ query: 'id=%1b%5b2J%27%20or%201%3d1%20--%20', address: '192.0.2.9', id: 'r-9' });
const incident = makeIncident(request, judged(request), outcome, Date.UTC(2026, 0, 2));

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

  it('holds a digest of the value as the application reads it', () => {
    const value = decodeURIComponent('%1b%5b2J%27%20or%201%3d1%20--%20');
    assert.equal(incident.digest, createHash('sha256').update(value).digest('hex'));
  });

  it('has an excerpt and a path that a terminal cannot be harmed with', () => {
    const hostile = facts({ path: "/api/a\x1b[2J\u202e' or 1=1 -- " });
    const made = makeIncident(hostile, judged(hostile), outcome);
    assert.match(made.path, /^[\x20-\x7e·…]{1,80}$/);
    assert.match(made.excerpt, /^[\x20-\x7e·…]{1,80}$/);
  });

  it('shows what a person can read', () => {
    assert.equal(excerpt('%271%2527%00%20%e2%80%99'), "'1' '");
    assert.equal(excerpt('\x1b[2Jé\u202e'), '·[2J·');
  });

  for (const [where, shown] of [
    ['body.password', false],
    ['body.users[0].newPassword', false],
    ['body.tokens[3]', true],
    ['body.secret[1]', false],
    ['query.api_key', false],
    ['header.cookie.session', false],
    ['body.title', true],
    ['query.spin', true],
  ] as const) {
    it(`${shown ? 'shows' : 'does not show'} what stands in ${where}`, () => {
      const made = makeIncident(request, { ...judged(request), where, text: "x' or 1=1" }, outcome);
      assert.equal(made.excerpt === "x' or 1=1", shown);
    });
  }

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

describe('what an incident says of its cause', () => {
  const reason = {
    features: [
      { feature: "' or 0 = 0", weight: 0.6 },
      { feature: '--', weight: 0.2 },
    ],
    nearest: 'boolean-blind',
    read: 'AAAA',
  };
  const model = { version: 'v1', score: { score: 0.931, shadow: null, reason } };

  it('names the signature and its reason', () => {
    const { signature, why } = incident.explanation;
    assert.equal(incident.signature, signature?.name);
    assert.ok((signature?.reason ?? '') !== '' && why.includes(signature!.reason), why);
  });

  it('names what raised the score of the model, and the nearest family', () => {
    const { model: said, signature, why } = explain(undefined, model);
    assert.equal(signature, null);
    assert.deepEqual(said, {
      version: 'v1',
      score: 0.931,
      features: reason.features,
      nearest: 'boolean-blind',
    });
    assert.equal(why, "The model gives it 0.93, nearest to boolean-blind, because of ' or 0 = 0, --.");
  });

  it('is called model where no signature matched', () => {
    const value = { ...judged(request), explanation: explain(undefined, model) };
    assert.equal(makeIncident(request, value, outcome).signature, 'model');
  });

  it('blames the extension whose hook wrote the value', () => {
    const changed = { ...request, extension: 'acme.hook' };
    const made = makeIncident(changed, judged(request), outcome);
    assert.equal(made.where, 'extension acme.hook: query.id');
    assert.match(made.explanation.why, /^A hook of acme\.hook wrote this\./);
  });
});

describe('an incident counts for blocking its caller', () => {
  const browser = { 'user-agent': 'Mozilla/5.0 (X11)' };
  const origin = 'https://evil.example';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const rows: readonly (readonly [
    what: string,
    facts: Partial<InspectionFacts>,
    keyId: string | null,
    counts: boolean,
  ])[] = [
    ['of a program without a key', { headers: { 'user-agent': 'sqlmap/1.8' } }, null, true],
    ['of a browser with a key', { headers: browser }, 'k1', true],
    ['not of a browser to an insecure origin', { headers: browser }, null, false],
    ['not of a page elsewhere', { headers: { 'sec-fetch-site': 'cross-site' } }, null, false],
    ['not of a page beside', { headers: { ...browser, 'sec-fetch-site': 'same-site' } }, null, false],
    ['of our own page', { headers: { ...browser, 'sec-fetch-site': 'same-origin' } }, null, true],
    ['of what was typed in', { headers: { ...browser, 'sec-fetch-site': 'none' } }, null, true],
    ['not of a HEAD of a browser', { method: 'HEAD', headers: browser }, null, false],
    ['not of a form of a page', { method: 'POST', headers: { ...browser, ...form } }, null, false],
    ['not of a POST without a type', { method: 'POST', headers: browser }, null, false],
    [
      'of JSON, which a page must ask for first',
      { method: 'POST', headers: { ...browser, 'content-type': 'application/json' } },
      null,
      true,
    ],
    ['of a PUT, which a page must ask for first', { method: 'PUT', headers: browser }, null, true],
    ['not of asking first', { method: 'OPTIONS', headers: browser }, null, false],
    [
      'not of a page that may ask',
      { method: 'PUT', headers: { 'sec-fetch-site': 'cross-site' } },
      null,
      false,
    ],
    ['not of a page with a public key', { headers: { 'sec-fetch-site': 'cross-site' } }, 'k1', false],
    ['not of such a page where origins are insecure', { headers: { ...browser, origin } }, 'k1', false],
    ['of our own page with a key', { headers: { origin, 'sec-fetch-site': 'same-origin' } }, 'k1', true],
    ['not of what an extension wrote', { extension: 'acme.hook', headers: {} }, 'k1', false],
  ];
  for (const [what, changed, keyId, expected] of rows) {
    it(what, () => assert.equal(countsForBlocking(facts(changed), keyId, false), expected));
  }

  const forwarded = { 'x-forwarded-for': '203.0.113.5' };
  const proxies: readonly (readonly [
    what: string,
    address: string,
    headers: Record<string, string>,
    trusted: string[],
    unknown: boolean,
  ])[] = [
    ['loopback that forwards', '127.0.0.1', forwarded, [], true],
    ['a private address that forwards', '10.1.2.3', { forwarded: 'for=203.0.113.5' }, [], true],
    ['a container bridge that forwards', '172.17.0.1', forwarded, [], true],
    ['IPv6 loopback that forwards', '::1', forwarded, [], true],
    ['a unique local address that forwards', 'fd00::1', forwarded, [], true],
    ['loopback that does not', '127.0.0.1', {}, [], false],
    ['a public address that says it does', '203.0.113.9', forwarded, [], false],
    ['loopback, with proxies named', '127.0.0.1', forwarded, ['10.0.0.0/8'], false],
    ['something that is no address', '', forwarded, [], false],
  ];
  for (const [what, address, headers, trusted, expected] of proxies) {
    it(`${expected ? 'not behind' : 'from'} ${what}`, () => {
      assert.equal(isBehindUnknownProxy(facts({ address, headers }), trusted), expected);
    });
  }
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

  it('of an attacker are not hidden by a flood that counts for nothing, nor by that of others', () => {
    const sent: Incident[] = [];
    const limiter = new ReportLimiter(4, (report) => sent.push(report), 2);
    const of = (id: string, changed: Partial<Incident>): void =>
      limiter.report({ ...numbered(0), id, ...changed });
    for (let flood = 0; flood < 50; flood += 1) of('log', { action: 'log', address: `198.51.100.${flood}` });
    for (let flood = 0; flood < 50; flood += 1) of('page', { counts: false });
    for (let flood = 0; flood < 50; flood += 1) of('loud', { address: '2001:db8::1' });
    for (let flood = 0; flood < 50; flood += 1) of('loud', { address: `2001:db8::${flood}:2` });
    of('attacker', { address: '203.0.113.7' });
    assert.deepEqual(
      sent.map(({ id }) => id),
      ['log', 'log', 'log', 'log', 'loud', 'loud', 'attacker'],
    );
    limiter.tick();
    const total = sent.reduce((sum, { suppressed }) => sum + 1 + (suppressed ?? 0), 0);
    assert.equal(total, 201);
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
