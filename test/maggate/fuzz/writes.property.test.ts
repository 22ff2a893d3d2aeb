import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Dice } from './dice.ts';
import { type FuzzBed, openFuzzBed } from './fuzz-bed.ts';
import { fuzzRuns } from './fuzz-runs.ts';
import type { FuzzSchema } from './fuzz-schema.ts';
import { ident } from './quote.ts';
import { RandomRead } from './random-read.ts';
import { owners, randomSchema } from './random-schema.ts';
import { randomWrite } from './random-write.ts';
import { sameAnswer } from './same-answer.ts';
import { schemaDdl } from './schema-ddl.ts';

/** Everything that is in the tables, as an expression. */
function contents({ tables }: FuzzSchema): string {
  const parts = tables
    .filter(({ base }) => base === undefined)
    .map(({ name }) => `(select json_agg(t order by t::text) from public.${ident(name)} t)`);
  return `json_build_array(${parts.join(', ')}, (select json_agg(v) from hidden.vault v), (select json_agg(g) from public.guarded g))`;
}

describe('writes of /rest/v1 against a model', function () {
  this.timeout(600_000);
  let bed: FuzzBed;
  before(async () => {
    bed = await openFuzzBed();
  });
  after(() => bed.close());

  it('do what PostgreSQL does for the same role, and nothing when they are refused', async () => {
    const seen = { written: 0, nothing: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const dice = new Dice(gen);
        const schema = randomSchema(dice, bed.roles);
        await bed.use(schema);
        const state = contents(schema);
        const reads = new RandomRead(dice, schema);
        for (let round = 0; round < 30; round++) {
          const role = dice.pick([...bed.roles, 'service_role', 'service_role']);
          const claims = { sub: dice.pick(owners) };
          const write = randomWrite(dice, reads, dice.pick(schema.tables));
          const before = await bed.oracle.state(state);
          const expected = await bed.oracle.ask(role, claims, write.sql, state);
          const { method, target, prefer, body } = write;
          const options = { role, claims, headers: { prefer }, ...(body === undefined ? {} : { body }) };
          const answer = await bed.rest.call(method, target, options);
          const after = await bed.oracle.state(state);
          const story = () =>
            [
              ...[schemaDdl(schema, bed.roles), `as ${role} ${JSON.stringify(claims)}`],
              ...[`${method} ${decodeURIComponent(target)} ${prefer} ${JSON.stringify(body)}`],
              ...[before, write.sql, after],
              ...[`expected ${JSON.stringify(expected)}`, `answered ${answer.status} ${answer.text}`],
            ].join('\n');
          if (role !== 'service_role') assert.ok(!answer.text.includes('CANARY'), story());
          // One row twice in an upsert is 500 in PostgREST's own table.
          assert.ok(answer.status < 500 || answer.code === '21000', story());
          if (answer.status >= 400) assert.equal(after, before, story());
          if (expected.kind === 'error') {
            assert.ok(answer.status >= 400, story());
            seen.refused += 1;
            continue;
          }
          assert.ok(answer.status < 300, story());
          assert.equal(after, expected.after, story());
          if (write.shows)
            assert.ok(sameAnswer(answer.body, JSON.parse(expected.row['body'] as string), false), story());
          else assert.equal(answer.text, '', story());
          if (after === before) seen.nothing += 1;
          else seen.written += 1;
        }
      }),
      fuzzRuns(5),
    );
    assert.ok(seen.written > 5, JSON.stringify(seen));
    if (process.env['MAGFLOCK_FUZZ_RUNS'] !== undefined) console.log(seen);
  });
});
