import { deepEqual, equal, ok } from 'node:assert/strict';
import { KeyRefusals } from '../../actors/audit/key-refusals.ts';

describe('refused keys', () => {
  let now: number;
  let told: string[];
  let refusals: KeyRefusals;
  beforeEach(() => {
    now = 0;
    told = [];
    refusals = new KeyRefusals({
      now: () => now,
      tell: ({ project, address, code }, count) => told.push(`${project} ${address} ${code} ×${count}`),
    });
  });

  const refuse = (times: number, address = '10.0.0.1', code = 'MF202') => {
    for (let time = 0; time < times; time++) refusals.count({ project: 'main', address, code });
  };
  const seconds = (count: number, each: () => void = () => {}) => {
    for (let second = 0; second < count; second++) {
      each();
      now += 1000;
      refusals.tick();
    }
  };

  it('are told at once the first time, and no more when there was only one', () => {
    refuse(1);
    deepEqual(told, ['main 10.0.0.1 MF202 ×1']);
    seconds(100);
    equal(told.length, 1);
    equal(refusals.size, 0);
  });

  it('of one source make few entries, and every try is counted', () => {
    seconds(600, () => refuse(100));
    ok(told.length < 20, `${told.length} entries for 60,000 tries in ten minutes`);
    refusals.flush();
    const counted = told.reduce((sum, text) => sum + Number(text.split('×')[1]), 0);
    equal(counted, 60_000);
  });

  it('are kept apart by project, address and code', () => {
    refuse(1);
    refuse(1, '10.0.0.2');
    refuse(1, '10.0.0.1', 'MF204');
    refusals.count({ project: 'shop', address: '10.0.0.1', code: 'MF202' });
    equal(new Set(told).size, 4);
  });

  it('are told at once again after a time of quiet', () => {
    refuse(1);
    seconds(5);
    refuse(1);
    equal(told.length, 2);
  });

  it('from very many sources make a bounded number of entries and need bounded memory', () => {
    for (let source = 0; source < 50_000; source++) refuse(1, `2001:db8::${source.toString(16)}`);
    equal(refusals.size, 10_000);
    equal(told.length, 100);
    seconds(1);
    equal(told.at(-1), 'system many MF202 ×49900');
    refusals.flush();
    const counted = told.reduce((sum, text) => sum + Number(text.split('×')[1]), 0);
    equal(counted, 50_000);
  });

  it('are all told when the thread stops', () => {
    refuse(5);
    refusals.flush();
    deepEqual(told, ['main 10.0.0.1 MF202 ×1', 'main 10.0.0.1 MF202 ×4']);
  });
});
