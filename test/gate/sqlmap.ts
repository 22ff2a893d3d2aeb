import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AddressBlock } from '../../runtime/protocol/sentinel.protocol.ts';
import { packageBytes } from '../sandbox/package/package-of.ts';
import { startDaemon } from '../support/daemon.ts';
import { holeExtension } from './hole-extension.ts';
import { runSqlmap } from './run-sqlmap.ts';
import { tallyAttacks } from './tally-attacks.ts';
import { type TappedExchange, tap } from './tap.ts';
import { type GateTarget, gateTargets } from './targets.ts';

/**
 * `node test/gate/sqlmap.ts [--quick] [--seconds n] [--only guard-off,guard-on,defaults] [--targets a,b]
 * [--tamper a,b] [--passed file]`: Debian's
 * sqlmap against an extension full of holes. Ends with 1 when a figure is missed.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    only: { type: 'string' },
    targets: { type: 'string' },
    tamper: { type: 'string' },
    passed: { type: 'string' },
  },
});
const level = values.quick ? 2 : 5;
const seconds = Number(values.seconds ?? (values.quick ? 12 : 180));
const stages = values.only?.split(',') ?? ['guard-off', 'guard-on', 'defaults'];
/** An attacker's address is blocked so many milliseconds after its first attack, at most. */
const blockedWithinMs = 2000;

const allTamperings: readonly (readonly string[])[] = values.quick
  ? [['space2comment'], ['between', 'randomcase']]
  : [
      ['space2comment'],
      ['between'],
      ['charencode'],
      ['chardoubleencode'],
      ['charunicodeencode'],
      ['randomcase'],
      ['equaltolike'],
      ['apostrophemask'],
      ['apostrophenullencode'],
      ['symboliclogical', 'space2plus'],
      ['randomcomments', 'commentbeforeparentheses'],
      ['greatest', 'unionalltounion', 'multiplespaces'],
      ['space2randomblank', 'substring2leftright', 'lowercase'],
      ['overlongutf8'],
      ['percentage', 'uppercase'],
      ['between', 'randomcase', 'space2comment', 'charencode'],
    ];
const tamperings = values.tamper === undefined ? allTamperings : [values.tamper.split(',')];
const chosen =
  values.targets === undefined
    ? values.quick
      ? gateTargets.slice(0, 2)
      : gateTargets
    : gateTargets.filter(({ name }) => values.targets!.split(',').includes(name));

const missed: string[] = [];
const must = (holds: boolean, what: string): void => {
  if (!holds) missed.push(what);
};
const row = (...cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, at) => String(cell).padEnd([11, 13, 34][at] ?? 9)).join(' '));

const daemon = await startDaemon({ flags: ['--cores', '2'] });
try {
  const setting = async (name: string, value: string): Promise<void> => {
    const { status, json } = await daemon.control('POST', '/control/v1/settings', { name, value });
    if (status >= 300) throw new Error(`${name} ${value}: ${JSON.stringify(json)}`);
  };
  await daemon.sql(`create table goods (id serial primary key, title text, price int);
    insert into goods (title, price) values ('lamp', 30), ('table', 120), ('chair', 45)`);
  const file = join(daemon.dataDir, 'holes.magx');
  writeFileSync(file, packageBytes({ 'extension.js': holeExtension.code }, holeExtension.manifest));
  const installed = await daemon.control('POST', '/control/v1/extensions/install', {
    file,
    projects: ['main'],
    grants: holeExtension.manifest.permissions,
    allowUnsigned: true,
  });
  if (installed.status >= 300) throw new Error(JSON.stringify(installed.json));
  await using line = await tap(Number(new URL(daemon.url).port));
  const base = `http://127.0.0.1:${line.port}/ext/holes`;

  row(
    'stage',
    'target',
    'tampers',
    'requests',
    'attacks',
    'refused',
    'throttled',
    'statement',
    'passed',
    'ran',
    'found',
    'read',
  );
  const attack = async (
    stage: string,
    target: GateTarget,
    tampers: readonly string[],
    key = daemon.secretKey,
    blindfold = false,
  ): Promise<{
    readonly found: boolean;
    readonly read: boolean;
    readonly exchanges: readonly TappedExchange[];
  }> => {
    line.take();
    const { url, arguments: more } = target.at(base);
    const outcome = await runSqlmap(
      { url, arguments: [...more, '-H', `X-API-Key: ${key}`] },
      { level, tampers, seconds, blindfold },
    );
    const exchanges = line.take();
    const tally = tallyAttacks(exchanges, target.payloadOf);
    const passed = Object.values(tally.passed).reduce((sum, count) => sum + count, 0);
    row(
      stage,
      target.name,
      blindfold ? '- (any database)' : tampers.join(' ') || '-',
      tally.requests,
      tally.attacks,
      tally.refused,
      tally.throttled,
      tally.stopped,
      passed,
      tally.ran,
      outcome.found ? 'found' : outcome.cutOff ? 'no (time)' : 'no',
      outcome.read ? 'read' : 'no',
    );
    if (values.passed !== undefined) {
      const counts = { stage, target: target.name, tampers, ...tally };
      writeFileSync(values.passed, `${JSON.stringify(counts)}\n`, { flag: 'a' });
    }
    return { ...outcome, exchanges };
  };

  if (stages.includes('guard-off')) {
    await setting('sentinel.mode', 'simulate');
    for (const target of chosen) {
      const { found } = await attack('off', target, []);
      must(found, `with the guard off sqlmap does not find the hole: ${target.name}`);
    }
    await setting('sentinel.mode', 'block');
  }
  if (stages.includes('guard-on')) {
    await setting('sentinel.blockAfter', '0');
    for (const target of values.tamper === undefined ? chosen : []) {
      const { found, read } = await attack('on', target, []);
      must(!found && !read, `with the guard on sqlmap finds the hole: ${target.name}`);
    }
    for (const target of values.quick || values.tamper !== undefined ? [] : chosen.slice(0, 2)) {
      const { found, read } = await attack('on', target, [], daemon.secretKey, true);
      must(!found && !read, `with the guard on sqlmap, for any database, finds the hole: ${target.name}`);
    }
    for (const [at, tampers] of tamperings.entries()) {
      const { found, read } = await attack('on', chosen[at % Math.min(2, chosen.length)]!, tampers);
      must(!found && !read, `with the guard on sqlmap finds the hole: ${tampers.join(' ')}`);
    }
    await setting('sentinel.blockAfter', '3');
  }
  if (stages.includes('defaults')) {
    const key = await daemon.createKey('service_role');
    const { found, read, exchanges } = await attack('defaults', chosen[0]!, [], key);
    must(!found && !read, 'with the defaults sqlmap finds the hole');
    const target = chosen[0]!;
    const first = exchanges.find((exchange) => tallyAttacks([exchange], target.payloadOf).attacks > 0);
    const refusal = exchanges.find(({ code }) => code === 'MF302');
    const took = (refusal?.ended ?? Number.POSITIVE_INFINITY) - (first?.began ?? 0);
    const before = exchanges.filter(({ began }) => began < (refusal?.began ?? 0)).length;
    console.log(`\nblocked ${Math.round(took)} ms after the first attack, at request ${before + 1}`);
    must(took <= blockedWithinMs, `the attacker was not blocked within ${blockedWithinMs} ms`);
    const honest = async (asked: string): Promise<string> => {
      const answer = await fetch(`${daemon.url}/ext/holes/title?q=lamp`, { headers: { 'x-api-key': asked } });
      return `${answer.status} ${(await answer.text()).includes('lamp')}`;
    };
    must((await honest(key)).startsWith('403'), 'the blocked key is served');
    must((await honest(daemon.secretKey)) === '200 true', 'another key of that address is not served');
    const { json } = await daemon.control('GET', '/control/v1/sentinel/blocks');
    must((json as AddressBlock[]).length === 1, 'the block is not listed');
  }
} finally {
  await daemon.stop();
}
console.log(missed.length === 0 ? 'every figure is met' : `MISSED\n${missed.join('\n')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
