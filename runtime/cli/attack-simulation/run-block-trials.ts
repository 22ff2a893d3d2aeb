import { setTimeout as wait } from 'node:timers/promises';
import { runTrial } from './run-trial.ts';
import type { Trial, TrialResult } from './trial.ts';
import type { TrialKeys } from './trial-keys.ts';

const patienceMs = 5000;
const words = ['milk', 'bread', 'jam', 'salt', 'rice', 'corn', 'beans', 'cream', 'flour', 'sugar'];

/**
 * Attacks until the address is blocked with the attacker's key; then that key is refused everything, another one of the
 * same address is not, and once the block is lifted the key is good again.
 * @param honestKey of honest requests
 */
export async function runBlockTrials(
  keys: TrialKeys,
  target: { readonly base: string; readonly table: string; readonly honestKey: string },
  blockAfter: number,
): Promise<TrialResult[]> {
  const { base, table, honestKey } = target;
  const { key } = await keys.make();
  let refused = true;
  let sent = 0;
  const attack = async (): Promise<void> => {
    const value = encodeURIComponent(`${words[sent % words.length]}${sent}' or '1'='1' --`);
    sent += 1;
    const trial = { ...plain('attack', ''), path: `/api/{table}?id=${value}` };
    refused &&= (await runTrial(trial, base, key, table)).passed;
  };
  while (sent < blockAfter) await attack();
  const blocked = plain('attack', 'an attacker is blocked with its address, whatever it sends');
  let answer = await runTrial(blocked, base, key, table);
  // Attacks that were let through (simulate) block nobody: not worth waiting for.
  for (const until = Date.now() + patienceMs; refused && answer.code !== 'MF302' && Date.now() < until; ) {
    await wait(100);
    // Who attacks goes on. Of a second with very many attacks, as those before, not each is reported by itself.
    await attack();
    answer = await runTrial(blocked, base, key, table);
  }
  const other = await runTrial(
    plain('legitimate', 'another key of that address goes on'),
    base,
    honestKey,
    table,
  );
  await keys.liftBlocks();
  const lifted = plain('legitimate', 'a lifted block blocks no more');
  return [
    { ...answer, passed: answer.status === 403 && answer.code === 'MF302' },
    other,
    await runTrial(lifted, base, key, table),
  ];
}

function plain(kind: Trial['kind'], name: string): Trial {
  return { kind, name, method: 'GET', path: '/api/{table}?limit=1', withKey: true };
}
