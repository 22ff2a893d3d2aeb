import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { uniqueViolation } from '../support/fake-replicas.ts';
import { type RequestRow, testRequests } from './request-row.ts';

const json = { 'Content-Type': 'application/json' };
const readByKey = ['inspect', 'authenticate', 'plan', 'authorize:select:track', 'execute:select'];

const rows: readonly RequestRow[] = [
  {
    name: 'a read passes every stage in order',
    request: 'GET /api/track/1',
    status: 200,
    answerHeaders: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': /frame-ancestors 'none'/,
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      etag: /^W\/"/,
      'content-length': '42',
      'x-powered-by': null,
    },
    contains: ['"id":1'],
    seen: readByKey,
  },
  { name: 'a gateway may plan later', request: 'GET /api/later', status: 200, contains: ['"id":1'] },
  {
    name: 'a write carries its audit row',
    request: 'PATCH /api/track/7',
    headers: json,
    body: '{"name":"x"}',
    status: 200,
    seen: [
      'inspect',
      'authenticate',
      'plan',
      'authorize:update:track',
      'outbox:update:7',
      'execute:update:audited',
    ],
  },
  {
    name: 'a write to a table is audited under the table',
    request: 'POST /api/track',
    headers: json,
    body: '{"name":"x"}',
    status: 201,
    seen: [
      'inspect',
      'authenticate',
      'plan',
      'authorize:insert:track',
      'outbox:insert:track',
      'execute:insert:audited',
    ],
  },
  {
    name: 'a delete answers 204 without body and length',
    request: 'DELETE /api/track/7',
    prepare: (fakes) => {
      fakes.onExecute = async () => ({ body: null, rows: 1, location: undefined, databaseMs: 1 });
    },
    status: 204,
    answerHeaders: { 'content-length': null, 'content-type': 'application/json' },
  },
  {
    name: 'an answer of the gateway needs no database but a key',
    request: 'GET /api',
    status: 200,
    contains: ['"tables"'],
    seen: ['inspect', 'authenticate', 'plan'],
  },
  {
    name: 'the list of endpoints is not for strangers',
    request: 'GET /api/',
    key: null,
    status: 401,
    code: 'MF201',
  },
  {
    name: 'HEAD is GET without the body',
    request: 'HEAD /api/track/1',
    status: 200,
    answerHeaders: { 'content-length': '42' },
  },
  {
    name: 'a refused statement is explained by the gateway',
    request: 'POST /api/track',
    headers: json,
    body: '{}',
    prepare: (fakes) => {
      fakes.onExecute = () => Promise.reject(uniqueViolation());
    },
    status: 409,
    code: 'MF409',
    contains: ['"constraint":"track_pkey"'],
  },
  {
    name: 'a database that is away is 503 with Retry-After',
    request: 'GET /api/track',
    prepare: (fakes) => {
      fakes.onExecute = () => Promise.reject(new MagFlockError('MF503', 'The database does not answer.'));
    },
    status: 503,
    code: 'MF503',
    answerHeaders: { 'retry-after': '1' },
  },
  {
    name: 'a known waiting time is told',
    request: 'GET /api/track',
    prepare: (fakes) => {
      fakes.onExecute = () =>
        Promise.reject(new MagFlockError('MF507', 'Full.', { details: { retryAfterSeconds: 2.2 } }));
    },
    status: 503,
    answerHeaders: { 'retry-after': '3' },
  },
  {
    name: 'an unknown outcome is 503 that nobody should retry',
    request: 'POST /api/track',
    headers: json,
    body: '{}',
    prepare: (fakes) => {
      fakes.onExecute = () => Promise.reject(new MagFlockError('MF501', 'The connection died at COMMIT.'));
    },
    status: 503,
    code: 'MF501',
    answerHeaders: { 'retry-after': null },
  },
  {
    name: 'a bug is 500 with the request id and nothing else',
    request: 'GET /api/broken',
    headers: { 'X-Request-Id': 'mine-1' },
    status: 500,
    code: 'MF699',
    contains: ['"requestId":"mine-1"'],
    lacks: ['master.key', '.ts:', '"stack"'],
  },
  {
    name: 'a header Node refuses is 500, not a broken connection',
    request: 'GET /api/badheader',
    status: 500,
    code: 'MF699',
  },
  { name: '/livez says ok', request: 'GET /livez', key: null, status: 200, contains: ['"ok"'], seen: [] },
  {
    name: '/livez does not ask the database',
    request: 'GET /healthz',
    key: null,
    prepare: (fakes) => {
      fakes.storage.available = false;
    },
    status: 200,
    seen: [],
  },
  {
    name: '/readyz says ok',
    request: 'GET /readyz?verbose',
    key: null,
    status: 200,
    contains: ['{"status":"ok"}'],
  },
  {
    name: '/readyz fails without the database',
    request: 'GET /readyz',
    key: null,
    prepare: (fakes) => {
      fakes.storage.available = false;
    },
    status: 503,
    code: 'MF503',
    answerHeaders: { 'retry-after': '1' },
  },
  {
    name: 'a probe takes no POST',
    request: 'POST /livez',
    key: null,
    body: 'x',
    status: 405,
    code: 'MF105',
    answerHeaders: { allow: 'GET, HEAD' },
  },
  {
    name: 'the front page points on',
    request: 'GET /',
    key: null,
    status: 200,
    contains: ['"/api"', '"/livez"'],
  },
  {
    name: 'the page of an error explains it',
    request: 'GET /errors/MF404',
    key: null,
    status: 200,
    contains: ['Row not found'],
  },
  {
    name: 'an unknown error has no page',
    request: 'GET /errors/constructor',
    key: null,
    status: 404,
    code: 'MF104',
  },
];

describe('an answer of the CPU', () => testRequests(rows));
