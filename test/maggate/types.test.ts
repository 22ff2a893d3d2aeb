import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';

interface TypeRow {
  readonly type: string;
  /** JSON text sent. */
  readonly sent: string;
  /** JSON text that comes back; the same as sent when absent. */
  readonly back?: string;
  /** Text of the value in a filter; false when the type has no equality. */
  readonly filter: string | false;
}

const int8Max = '9223372036854775807';
const digits50 = '12345678901234567890123456789012345678901234567890';

const rows: readonly TypeRow[] = [
  { type: 'smallint', sent: '-32768', filter: '-32768' },
  { type: 'integer', sent: '2147483647', filter: '2147483647' },
  { type: 'bigint', sent: int8Max, filter: int8Max },
  { type: 'bigint', sent: '9007199254740993', filter: '9007199254740993' },
  { type: 'bigint', sent: `"${int8Max}"`, back: int8Max, filter: int8Max },
  { type: 'numeric', sent: digits50, filter: digits50 },
  { type: 'numeric', sent: `0.${digits50}`, filter: `0.${digits50}` },
  { type: 'numeric(10,2)', sent: '1.10', filter: '1.1' },
  { type: 'numeric', sent: '"NaN"', filter: 'NaN' },
  { type: 'real', sent: '1.5', filter: '1.5' },
  { type: 'real', sent: '0.1', filter: '0.1' },
  { type: 'double precision', sent: '0.1', filter: '0.1' },
  { type: 'double precision', sent: '1e300', back: '1e+300', filter: '1e300' },
  { type: 'boolean', sent: 'true', filter: 'true' },
  { type: 'boolean', sent: 'false', filter: 'false' },
  { type: 'text', sent: '""', filter: '' },
  { type: 'text', sent: JSON.stringify(`O'Brien said "hi" \\ back`), filter: `O'Brien said "hi" \\ back` },
  { type: 'text', sent: JSON.stringify('Zażółć 日本 🐘\t\n'), filter: 'Zażółć 日本 🐘\t\n' },
  { type: 'text', sent: '42', back: '"42"', filter: '42' },
  { type: 'text', sent: 'true', back: '"true"', filter: 'true' },
  { type: 'text', sent: '"gte.18"', filter: 'gte.18' },
  { type: 'character varying(160)', sent: '"abc"', filter: 'abc' },
  { type: 'character(5)', sent: '"ab"', back: '"ab   "', filter: 'ab' },
  { type: 'bytea', sent: '"\\\\xdeadbeef"', filter: '\\xdeadbeef' },
  {
    type: 'uuid',
    sent: '"0191a2b3-0000-7000-8000-000000000001"',
    filter: '0191a2b3-0000-7000-8000-000000000001',
  },
  { type: 'date', sent: '"2024-02-29"', filter: '2024-02-29' },
  { type: 'time', sent: '"13:14:15.123456"', filter: '13:14:15.123456' },
  { type: 'timestamp', sent: '"2024-02-29T13:14:15.123456"', filter: '2024-02-29T13:14:15.123456' },
  {
    type: 'timestamptz',
    sent: '"2024-02-29T13:14:15.123456+02:00"',
    back: '"2024-02-29T11:14:15.123456+00:00"',
    filter: '2024-02-29T13:14:15.123456+02:00',
  },
  { type: 'interval', sent: '"1 day 02:03:04"', filter: '1 day 02:03:04' },
  { type: 'inet', sent: '"192.168.1.0/24"', filter: '192.168.1.0/24' },
  { type: 'cidr', sent: '"10.0.0.0/8"', filter: '10.0.0.0/8' },
  { type: 'macaddr', sent: '"08:00:2b:01:02:03"', filter: '08:00:2b:01:02:03' },
  { type: 'money', sent: '"$1.00"', filter: '$1.00' },
  { type: 'bit(3)', sent: '"101"', filter: '101' },
  { type: 'mood', sent: '"so so"', filter: 'so so' },
  { type: 'positive', sent: '7', filter: '7' },
  { type: 'email', sent: '"A@b.example"', filter: 'A@b.example' },
  { type: 'json', sent: `{"b":1, "a":${int8Max}, "b2":[null]}`, filter: false },
  { type: 'json', sent: '"text"', filter: false },
  { type: 'jsonb', sent: `{"a": ${digits50}}`, filter: `{"a":${digits50}}` },
  { type: 'jsonb', sent: '[1,[2,{"x":"é"}]]', back: '[1, [2, {"x": "é"}]]', filter: '[1,[2,{"x":"é"}]]' },
  { type: 'jsonb', sent: '1.10', filter: '1.10' },
  { type: 'integer[]', sent: '[1,null,3]', filter: '{1,NULL,3}' },
  { type: 'integer[]', sent: '[]', filter: '{}' },
  { type: 'integer[]', sent: '"{1,2}"', back: '[1,2]', filter: '{1,2}' },
  { type: 'integer[]', sent: '[[1,2],[3,4]]', filter: '{{1,2},{3,4}}' },
  { type: 'bigint[]', sent: `[${int8Max}]`, filter: `{${int8Max}}` },
  {
    type: 'text[]',
    sent: JSON.stringify(['a,b', 'c"d', 'e\\f', '{g}', '', 'NULL', ' h ', null]),
    filter: '{"a,b","c\\"d","e\\\\f","{g}","","NULL"," h ",NULL}',
  },
  { type: 'text[]', sent: '[["a","b"],["c",null]]', filter: '{{a,b},{c,NULL}}' },
  { type: 'boolean[]', sent: '[true,false]', filter: '{t,f}' },
  { type: 'mood[]', sent: '["so so","happy"]', filter: '{"so so",happy}' },
  {
    type: 'jsonb[]',
    sent: '[{"a": 1}, [1, 2], null]',
    back: '[{"a": 1},[1, 2],null]',
    filter: '{"{\\"a\\": 1}","[1,2]",NULL}',
  },
  { type: 'int4range', sent: '"[1,5)"', filter: '[1,5)' },
  { type: 'tstzrange', sent: '"empty"', filter: 'empty' },
  { type: 'address', sent: '{"street":"Main \\"St\\", 1","number":5}', filter: '("Main ""St"", 1",5)' },
  { type: 'address', sent: '"(Main,5)"', back: '{"street":"Main","number":5}', filter: '(Main,5)' },
  {
    type: 'address[]',
    sent: '[{"street":"a,b","number":1},{"street":null,"number":2}]',
    filter: '{"(\\"a,b\\",1)","(,2)"}',
  },
  { type: 'point', sent: '"(1,2)"', filter: false },
  { type: 'xml', sent: '"<a/>"', filter: false },
  { type: 'tsvector', sent: `"'cat'"`, filter: `'cat'` },
];

describe('MagGate: types', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    const columns = rows.map((row, index) => `c${index} ${row.type}`).join(', ');
    api = await openApi(`
      create type mood as enum ('happy', 'so so');
      create domain positive as integer check (value > 0);
      create domain email as text check (value ~ '@');
      create type address as (street text, number int);
      create table everything (id bigint generated by default as identity primary key, ${columns});
    `);
  });
  after(() => api.close());

  for (const [index, { type, sent, back, filter }] of rows.entries()) {
    it(`${type} ${sent} survives POST, GET and filter`, async () => {
      const column = `c${index}`;
      const created = await api.call('POST', '/api/everything', { text: `{"${column}":${sent}}` });
      assert.equal(created.status, 201, created.message);
      const expected = `"${column}":${back ?? sent}`;
      assert.ok(created.text.includes(expected), `${expected} in ${created.text}`);
      const read = await api.call('GET', `${created.headers['location']}?fields=${column}`);
      assert.equal(read.text, `{"data":{${expected}},"meta":{}}`);
      const id = created.body.data.id;
      const patched = await api.call('PATCH', `/api/everything/${id}`, { text: `{"${column}":${sent}}` });
      assert.ok(patched.text.includes(expected));
      const query = `id=${id}&${column}=eq.${encodeURIComponent(filter === false ? 'x' : filter)}`;
      const found = await api.call('GET', `/api/everything?${query}`);
      if (filter === false) {
        assert.deepEqual([found.status, found.code], [400, 'MF405'], found.text);
        return;
      }
      assert.equal(found.status, 200, found.message);
      assert.equal(found.body.data.length, 1, `found by ${query}`);
    });
  }

  it('null becomes SQL NULL in every type', async () => {
    const body = Object.fromEntries(rows.map((_, index) => [`c${index}`, null]));
    const { body: answer, status } = await api.call('POST', '/api/everything', { body });
    assert.equal(status, 201);
    const [counted] = await api.query(`select num_nulls(${rows.map((_, i) => `c${i}`).join(',')}) as n
      from everything where id = ${answer.data.id}`);
    assert.equal(counted?.['n'], rows.length);
  });

  const refused: readonly (readonly [type: string, sent: string, message: RegExp])[] = [
    ['smallint', '32768', /smallint/],
    ['integer', '1.5', /integer/],
    ['bigint', '9223372036854775808', /bigint/],
    ['text', '"a\\u0000b"', /NUL/],
    ['text', '{"a":1}', /takes text, not an object/],
    ['boolean', '"maybe"', /boolean/],
    ['uuid', '"x"', /uuid/],
    ['date', '"2023-02-29"', /date/],
    ['mood', '"sad"', /mood/],
    ['integer[]', '[1,[2]]', /array/],
    ['integer[]', '{"a":1}', /takes integer\[\], not an object/],
    ['character varying(160)', JSON.stringify('é'.repeat(161)), /too long/],
    ['numeric(10,2)', '123456789.1', /overflow/],
    ['json', '"\\u0000"', /./],
  ];
  for (const [type, sent, message] of refused) {
    it(`${type} refuses ${sent.slice(0, 30)} with 422 naming the column`, async () => {
      const column = `c${rows.findIndex((row) => row.type === type)}`;
      const answer = await api.call('POST', '/api/everything', { text: `{"${column}":${sent}}` });
      if (type === 'json') {
        // json keeps text as it is; only jsonb cannot hold it.
        assert.equal(answer.status, 201);
        return;
      }
      assert.deepEqual([answer.status, answer.code], [422, 'MF422'], answer.text);
      assert.match(answer.message ?? '', message);
      assert.equal(answer.details?.['column'], column);
    });
  }

  it('a domain names its column and its rule', async () => {
    const column = `c${rows.findIndex((row) => row.type === 'positive')}`;
    const answer = await api.call('POST', '/api/everything', { text: `{"${column}":-1}` });
    assert.equal(answer.code, 'MF422');
    assert.match(answer.message ?? '', new RegExp(`"${column}" breaks the rule positive_check`));
  });

  it('a value that does not fit is told in a filter as 400 naming column and operators', async () => {
    const column = `c${rows.findIndex((row) => row.type === 'integer')}`;
    const answer = await api.call('GET', `/api/everything?${column}=ge.18`);
    assert.deepEqual([answer.status, answer.code, answer.details?.['column']], [400, 'MF405', column]);
    assert.match(answer.fix ?? '', new RegExp(`${column}=gte\\.value`));
  });
});
