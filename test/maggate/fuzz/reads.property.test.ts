import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Dice } from './dice.ts';
import { type FuzzBed, openFuzzBed } from './fuzz-bed.ts';
import type { FuzzNode } from './fuzz-read.ts';
import { fuzzRuns } from './fuzz-runs.ts';
import { ident } from './quote.ts';
import { RandomRead } from './random-read.ts';
import { owners, randomSchema } from './random-schema.ts';
import { countSql, readSql } from './read-sql.ts';
import { readQuery } from './read-url.ts';
import { sameAnswer } from './same-answer.ts';
import { schemaDdl } from './schema-ddl.ts';

describe('reads of /rest/v1 against a model', function () {
  this.timeout(600_000);
  let bed: FuzzBed;
  before(async () => {
    bed = await openFuzzBed();
  });
  after(() => bed.close());

  it('answer what PostgreSQL answers the same role, whatever the schema, the rights and the question', async () => {
    const seen = { rows: 0, empty: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const dice = new Dice(gen);
        const schema = randomSchema(dice, bed.roles);
        await bed.use(schema);
        const reads = new RandomRead(dice, schema);
        for (let round = 0; round < 40; round++) {
          const table = dice.pick(schema.tables);
          const ordered = dice.chance(65);
          const node = reads.node(table, ordered);
          const role = dice.pick([...bed.roles, 'service_role']);
          const claims = { sub: dice.pick(owners) };
          const called = table.function !== undefined && dice.chance(20);
          const source = called ? `${ident(table.function!.name)}()` : undefined;
          const counted = isCountable(node) && dice.chance(40);
          const path = called ? `/rpc/${table.function!.name}` : `/${encodeURIComponent(table.name)}`;
          const target = `${path}?${readQuery(node)}`;
          const headers = counted ? { prefer: 'count=exact' } : {};
          const sql = readSql(node, source);
          const expected = await bed.oracle.ask(role, claims, sql);
          const total = counted ? await bed.oracle.ask(role, claims, countSql(node, source)) : undefined;
          // The third time a read is filled into its template.
          const times = dice.chance(20) ? 3 : 1;
          for (let time = 0; time < times; time++) {
            const answer = await bed.rest.call('GET', target, { role, claims, headers });
            const story = () =>
              [
                ...[schemaDdl(schema, bed.roles), `as ${role} ${JSON.stringify(claims)}`],
                ...[decodeURIComponent(target), target, sql, `attempt ${time + 1}`],
                ...[`expected ${JSON.stringify(expected)}`, `answered ${answer.status} ${answer.text}`],
              ].join('\n');
            if (role !== 'service_role') assert.ok(!answer.text.includes('CANARY'), story());
            if (expected.kind === 'error') {
              if (answer.status < 300 && expected.code.startsWith('22')) continue;
              assert.ok(answer.status >= 400 && answer.status < 500, story());
              seen.refused += 1;
              continue;
            }
            const body = JSON.parse(expected.row['body'] as string) as unknown[];
            // Whether a cast that fails is come to at all depends on how the statement is executed.
            if (/^22/.test(answer.code ?? '')) continue;
            const all = total?.kind === 'row' ? (total.row['total'] as number) : undefined;
            if (all !== undefined && (node.offset ?? 0) > all) {
              assert.equal(answer.status, 416, story());
              continue;
            }
            assert.ok(answer.status === 200 || answer.status === 206, story());
            assert.ok(sameAnswer(answer.body, body, ordered), story());
            if (all !== undefined)
              assert.equal(answer.headers['content-range']?.split('/')[1], String(all), story());
            if (body.length > 0) seen.rows += 1;
            else seen.empty += 1;
          }
        }
      }),
      fuzzRuns(8),
    );
    // A model that is always refused would prove nothing.
    assert.ok(seen.rows > seen.refused / 4, JSON.stringify(seen));
    if (process.env['MAGFLOCK_FUZZ_RUNS'] !== undefined) console.log(seen);
  });
});

/** Totals are of rows before they are grouped, and look at embedded rows without their limits. */
function isCountable(node: FuzzNode): boolean {
  if (node.items.some(({ kind }) => kind === 'aggregate')) return false;
  return node.embeds.every((embed) => embed.node.offset === undefined && isCountable(embed.node));
}
