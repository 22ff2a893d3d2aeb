import { fakeKeys } from '../support/fake-replicas.ts';
import { type RequestRow, testRequests } from './request-row.ts';

const json = { 'Content-Type': 'application/json' };
const attack = "id=1'%20OR%20'1'='1";

const rows: readonly RequestRow[] = [
  {
    name: 'no key is 401 with a challenge, and counted',
    request: 'GET /api/track',
    key: null,
    status: 401,
    code: 'MF201',
    answerHeaders: { 'www-authenticate': 'Bearer realm="main"' },
    seen: ['inspect', 'authenticate', 'refused:main:MF201:127.0.0.1'],
  },
  {
    name: 'a wrong key is 401 and says so in the challenge',
    request: 'GET /api/track',
    key: 'guessed',
    status: 401,
    code: 'MF202',
    answerHeaders: { 'www-authenticate': /error="invalid_token"/ },
    lacks: ['guessed'],
  },
  {
    name: 'a revoked key is 401',
    request: 'GET /api/track',
    key: fakeKeys.revoked,
    status: 401,
    code: 'MF204',
  },
  {
    name: 'a key of another project is 401 and counted for the project addressed',
    request: 'GET /p/shop/api/track',
    key: fakeKeys.other,
    status: 401,
    code: 'MF205',
    seen: ['inspect', 'authenticate', 'refused:shop:MF205:127.0.0.1'],
  },
  {
    name: 'outside the scope of the key is 403 before the database',
    request: 'GET /api/out_of_scope',
    status: 403,
    code: 'MF206',
    lacks: ['execute'],
  },
  {
    name: 'a PSU that breaks lets nobody in',
    request: 'GET /api/track',
    prepare: (fakes) => {
      (fakes as { psu: object }).psu = fakes.psu;
      fakes.psu.authenticate = () => {
        throw new TypeError('bug in the PSU');
      };
    },
    status: 500,
    code: 'MF699',
    lacks: ['bug in the PSU'],
  },
  {
    name: 'a guard that breaks lets nothing through',
    request: 'GET /api/track',
    prepare: (fakes) => {
      fakes.sentinel.inspect = () => {
        throw new TypeError('bug in the guard');
      };
    },
    status: 500,
    code: 'MF699',
    seen: [],
  },
  {
    name: 'an attack is 403 with the incident id',
    request: `GET /api/track?${attack}`,
    status: 403,
    code: 'MF301',
    contains: ['"incident":"0198c0de-0000-7000-8000-000000000001"'],
    seen: ['inspect'],
  },
  {
    name: 'an attack without a key is 403, not 401',
    request: `GET /api/track?${attack}`,
    key: null,
    status: 403,
    code: 'MF301',
    seen: ['inspect'],
  },
  {
    name: 'an attack on an unknown table is 403, not 404',
    request: `GET /api/nothing?${attack}`,
    status: 403,
    code: 'MF301',
  },
  {
    name: 'an attack on an unknown path is 403, not 404',
    request: `GET /admin.php?${attack}`,
    key: null,
    status: 403,
    code: 'MF301',
  },
  {
    name: 'an attack on an unknown project is 403',
    request: `GET /p/UPPER/api/track?${attack}`,
    key: null,
    status: 403,
    code: 'MF301',
  },
  {
    name: 'an attack on the front page is 403',
    request: `GET /?${attack}`,
    key: null,
    status: 403,
    code: 'MF301',
  },
  {
    name: 'an attack in a form body is 403, not 415',
    request: 'POST /api/track',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: attack,
    status: 403,
    code: 'MF301',
  },
  {
    name: 'an attack in broken JSON is 403, not 400',
    request: 'POST /api/track',
    headers: json,
    body: "{ 1' OR '1'='1",
    status: 403,
    code: 'MF301',
  },
  {
    name: 'a preflight is inspected',
    request: `OPTIONS /api/track?${attack}`,
    key: null,
    headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' },
    status: 403,
    code: 'MF301',
  },
];

describe('who may come in', () => testRequests(rows));
