import assert from 'node:assert/strict';
import { requestIds } from '../../actors/cpu/request-ids.ts';

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const trace = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

describe('the names of a request', () => {
  it('are UUIDv7 that sort by time and do not repeat', () => {
    const ids = Array.from(
      { length: 2_000 },
      (_, index) => requestIds(undefined, undefined, 1_700_000_000_000 + index).id,
    );
    for (const id of ids) assert.match(id, uuidv7);
    assert.deepEqual(ids, [...ids].sort());
    const sameMoment = new Set(
      Array.from({ length: 2_000 }, () => requestIds(undefined, undefined, 1_700_000_000_000).id),
    );
    assert.equal(sameMoment.size, 2_000);
    assert.ok([...sameMoment].every((id) => id.startsWith('018bcfe5-6800-7')));
  });

  const accepted = ['a', 'abc-123_=', 'x'.repeat(64)];
  const refused = ['', 'x'.repeat(65), 'a b', 'a\tb', 'a<b', 'ä', 'a,b', 'a/b'];
  for (const id of accepted) it(`keep "${id}"`, () => assert.equal(requestIds(id, undefined, 0).id, id));
  for (const id of refused)
    it(`replace "${id}"`, () => assert.match(requestIds(id, undefined, 0).id, uuidv7));

  /** traceparent → continued or not */
  const traces: readonly [string, boolean][] = [
    [`00-${trace}-${parent}-01`, true],
    [`00-${trace}-${parent}-00`, true],
    [`cc-${trace}-${parent}-01-what-the-future-brings`, true],
    [`00-${trace}-${parent}-01-more`, false],
    [`ff-${trace}-${parent}-01`, false],
    [`00-${'0'.repeat(32)}-${parent}-01`, false],
    [`00-${trace}-${'0'.repeat(16)}-01`, false],
    [`00-${trace.toUpperCase()}-${parent}-01`, false],
    [`00-${trace}-${parent}`, false],
    [`00-${trace.slice(1)}-${parent}-01`, false],
    ['garbage', false],
    ['', false],
  ];
  for (const [header, continued] of traces) {
    it(`${continued ? 'continue' : 'begin anew at'} the traceparent "${header}"`, () => {
      const own = requestIds(undefined, header, 0).trace;
      assert.match(own, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
      assert.equal(own.slice(3, 35) === trace, continued);
      assert.ok(!own.includes(parent), 'the span is our own');
    });
  }
});
