import assert from 'node:assert/strict';
import { Offences } from '../../../sandbox/cage/offences.ts';

const many = Array.from({ length: 64 }, (_, index) => `guest${index}`);

describe('blame for cages that ended', () => {
  const rows: [string, { suspects: string[]; tenants: string[] }[], number, boolean][] = [
    ['nothing: any company', [], Number.POSITIVE_INFINITY, false],
    ['one cage: any company', [{ suspects: ['a'], tenants: ['a', 'b'] }], Number.POSITIVE_INFINITY, false],
    ['two: alone', Array(2).fill({ suspects: ['a'], tenants: ['a', 'b'] }), 1, false],
    ['three, never alone: still alone', Array(3).fill({ suspects: ['a'], tenants: ['a', 'b'] }), 1, false],
    ['three, the last for itself: quarantine', Array(3).fill({ suspects: ['a'], tenants: ['a'] }), 0, true],
    ['two for itself: alone', Array(2).fill({ suspects: ['a'], tenants: ['a'] }), 1, false],
    ['one of many: an eighth of them', [{ suspects: ['a', ...many], tenants: ['a', ...many] }], 9, false],
    [
      'those of others: any company',
      Array(5).fill({ suspects: ['b'], tenants: ['b'] }),
      Number.POSITIVE_INFINITY,
      false,
    ],
  ];
  for (const [what, ends, company, quarantined] of rows) {
    it(what, () => {
      const offences = new Offences();
      for (const end of ends) offences.note(end);
      assert.equal(offences.company('a'), company);
      if (quarantined) assert.throws(() => offences.check('a'), { code: 'MF663' });
      else offences.check('a');
      offences.forgive('a');
      assert.equal(offences.company('a'), Number.POSITIVE_INFINITY);
    });
  }

  it('is forgotten after a day', () => {
    let now = 0;
    const offences = new Offences(() => now);
    const end = { suspects: ['a'], tenants: ['a'] };
    offences.note(end);
    offences.note(end);
    now += 25 * 60 * 60 * 1000;
    offences.note(end);
    offences.check('a');
    assert.equal(offences.company('a'), Number.POSITIVE_INFINITY);
  });
});
