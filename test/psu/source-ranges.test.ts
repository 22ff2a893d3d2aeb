import { equal, throws } from 'node:assert/strict';
import { sourceRanges } from '../../actors/psu/source-ranges.ts';

describe('source ranges', () => {
  const rows: readonly [range: string, address: string, included: boolean][] = [
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::FFFF:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:a01:203', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
    ['::ffff:10.0.0.0/104', '11.0.0.1', false],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8:0:0::/64', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::1', '::1', true],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', 'unknown', false],
    ['10.0.0.0/8', '10.1.2', false],
    ['10.0.0.0/8', '010.1.2.3', false],
  ];
  for (const [range, address, included] of rows) {
    it(`${range} ${included ? 'includes' : 'does not include'} ${address || 'an empty address'}`, () => {
      equal(sourceRanges([range]).includes(address), included);
    });
  }

  it('includes what any of several ranges includes', () => {
    const ranges = sourceRanges(['10.0.0.0/8', '2001:db8::/32']);
    equal(ranges.includes('10.0.0.1'), true);
    equal(ranges.includes('2001:db8::1'), true);
    equal(ranges.includes('192.168.0.1'), false);
  });

  for (const range of [
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/1e1',
    '10.0.0.0/ 8',
    '::/129',
    '::ffff:10.0.0.0/95',
    '*',
  ]) {
    it(`refuses ${JSON.stringify(range)} as a range`, () => {
      throws(() => sourceRanges([range]), RangeError);
    });
  }
});
