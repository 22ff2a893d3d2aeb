import assert from 'node:assert/strict';
import { errorAnswer } from '../../extensions/maggate/dialects/rest/errors/error-answer.ts';
import { hostError } from '../../extensions/maggate/dialects/rest/errors/host-error.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type {
  AddressBlock,
  Inspection,
  InspectionFacts,
  UnsureValue,
  Verdict,
} from '../../runtime/protocol/sentinel.protocol.ts';
import { type FakeReplicas, fakeKeys } from '../support/fake-replicas.ts';
import { type RequestRow, testRequests } from './request-row.ts';
import { serve } from './serve.ts';

const value: UnsureValue = { surface: 'query', where: 'query.note', text: 'x', signature: undefined };
const incident = '0198c0de-0000-7000-8000-000000000002';

/** The signatures leave one value, and the models say this of it. */
function judging(verdict: Partial<Verdict>, late = false) {
  return (fakes: FakeReplicas): void => {
    const allowed = fakes.sentinel.judge({} as InspectionFacts, []) as Inspection;
    fakes.seen.pop();
    fakes.sentinel.inspect = () => {
      fakes.seen.push('inspect');
      return { ...allowed, unsure: [value] };
    };
    fakes.sentinel.judge = (_facts, unsure) => {
      fakes.seen.push(`judge:${unsure.length}`);
      const full = { ...allowed, ...verdict };
      return late ? new Promise((resolve) => setImmediate(resolve, full)) : full;
    };
  };
}

const block: AddressBlock = {
  id: 'block-1',
  project: 'main',
  address: '127.0.0.1',
  keyId: null,
  since: new Date().toISOString(),
  until: new Date(Date.now() + 90_000).toISOString(),
  incidents: [],
  reason: 'test',
};

/** The address has a block of this key. */
function blocked(keyId: string | null, until = block.until) {
  return (fakes: FakeReplicas): void => {
    fakes.sentinel.hasBlocks = (project, address) => project === 'main' && address === '127.0.0.1';
    fakes.sentinel.blockOf = (_project, _address, caller) => {
      fakes.seen.push(`blockOf:${caller}`);
      return caller === keyId ? { ...block, keyId, until } : undefined;
    };
  };
}

const through = ['inspect', 'authenticate', 'judge:1', 'plan', 'authorize:select:track', 'execute:select'];

const rows: readonly RequestRow[] = [
  {
    name: 'are judged after the key and before the plan',
    request: 'GET /api/track?note=x',
    prepare: judging({}),
    status: 200,
    seen: through,
  },
  {
    name: 'are waited for where they must be',
    request: 'GET /api/track?note=x',
    prepare: judging({}, true),
    status: 200,
    seen: through,
  },
  {
    name: 'are not judged for strangers',
    request: 'GET /api/track?note=x',
    key: null,
    prepare: judging({ action: 'block', incident }),
    status: 401,
    code: 'MF201',
    seen: ['inspect', 'authenticate', 'refused:main:MF201:127.0.0.1'],
  },
  ...(['block', 'escalate'] as const).map(
    (action): RequestRow => ({
      name: `are refused by ${action} with the incident id`,
      request: 'GET /api/track?note=x',
      prepare: judging({ action, incident }, true),
      status: 403,
      code: 'MF301',
      contains: [`"incident":"${incident}"`],
      answerHeaders: { 'retry-after': null },
      seen: ['inspect', 'authenticate', 'judge:1'],
    }),
  ),
  ...(['log', 'throttle'] as const).map(
    (action): RequestRow => ({
      name: `pass with ${action}`,
      request: 'GET /api/track?note=x',
      prepare: judging({ action, incident }),
      status: 200,
    }),
  ),
  {
    name: 'are slowed down when a caller has used up what a minute allows',
    request: 'GET /api/track?note=x',
    prepare: judging({ action: 'throttle', incident, retryAfter: 7 }),
    status: 429,
    code: 'MF303',
    contains: [`"incident":"${incident}"`],
    answerHeaders: { 'retry-after': '7' },
  },
  {
    name: 'are refused where the policy refuses what is not judged',
    request: 'GET /api/track?note=x',
    prepare: judging({ unjudged: 'timeout' }, true),
    status: 503,
    code: 'MF304',
    contains: ['"reason":"timeout"'],
    answerHeaders: { 'retry-after': '1' },
  },
  {
    name: 'let nothing through when the guard breaks',
    request: 'GET /api/track?note=x',
    prepare: (fakes) => {
      judging({})(fakes);
      fakes.sentinel.judge = () => Promise.reject(new TypeError('bug in the guard'));
    },
    status: 500,
    code: 'MF699',
    lacks: ['bug in the guard'],
  },
];

describe('values that signatures leave open', () => testRequests(rows));

describe('callers who are blocked', () =>
  testRequests([
    {
      name: 'are refused first, with the block and its end',
      request: 'GET /api/track',
      key: null,
      prepare: blocked(null),
      status: 403,
      code: 'MF302',
      contains: ['"block":"block-1"', `"until":"${block.until}"`],
      answerHeaders: { 'retry-after': /^[1-9]\d*$/ },
      seen: ['authenticate', 'blockOf:null'],
    },
    {
      name: 'by a key that is not right count as strangers, and the key is not counted',
      request: 'GET /api/track',
      key: 'guessed',
      prepare: blocked(null),
      status: 403,
      code: 'MF302',
      seen: ['authenticate', 'blockOf:null'],
    },
    {
      name: 'by their key are refused with it',
      request: 'GET /api/track',
      prepare: blocked('k1'),
      status: 403,
      code: 'MF302',
      seen: ['authenticate', 'blockOf:k1'],
    },
    {
      name: 'as strangers are served with a right key',
      request: 'GET /api/track',
      prepare: blocked(null),
      status: 200,
    },
    {
      name: 'are refused on unknown paths, too',
      request: 'GET /admin.php',
      key: null,
      prepare: blocked(null),
      status: 403,
      code: 'MF302',
    },
    {
      name: 'are not refused in another project',
      request: 'GET /p/shop/api/track',
      key: null,
      prepare: blocked(null),
      status: 401,
    },
  ]));

describe('the key of a caller, for incidents', () => {
  const cases: readonly (readonly [key: string | null, keyId: string | null])[] = [
    [fakeKeys.public, 'k1'],
    ['guessed', null],
    [null, null],
  ];
  for (const [key, keyId] of cases) {
    it(`${key} is ${keyId}, and nothing is counted`, async () => {
      await using served = await serve();
      let found: string | null | undefined;
      const { inspect } = served.fakes.sentinel;
      served.fakes.sentinel.inspect = (facts) => {
        found = facts.keyId?.();
        served.fakes.seen.splice(0);
        return inspect(facts);
      };
      await (
        await fetch(`${served.url}/nothing`, { headers: key === null ? {} : { 'X-API-Key': key } })
      ).text();
      assert.equal(found, keyId);
      assert.deepEqual(served.fakes.seen, ['inspect']);
    });
  }
});

describe('the dialect of PostgREST says', () => {
  const rows: readonly (readonly [code: MagFlockError['code'], status: number, details: string | null])[] = [
    ['MF301', 403, `The incident is ${incident}.`],
    ['MF302', 403, null],
    ['MF303', 429, `The incident is ${incident}.`],
    ['MF304', 503, null],
  ];
  for (const [code, status, details] of rows) {
    it(`${code} in its own shape`, () => {
      const error = new MagFlockError(code, 'Said.', details === null ? {} : { details: { incident } });
      const answer = errorAnswer(hostError(error), 'verbose');
      assert.equal(answer.status, status);
      const body = JSON.parse(String(answer.body)) as Record<string, unknown>;
      assert.deepEqual(Object.keys(body), ['code', 'message', 'details', 'hint']);
      assert.deepEqual([body['code'], body['message'], body['details']], [code, 'Said.', details]);
    });
  }
});
