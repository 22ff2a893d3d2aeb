import assert from 'node:assert/strict';
import { authorizePlan } from '../../actors/cpu/authorize-plan.ts';
import type { Exchange } from '../../actors/cpu/exchange.ts';
import type { PipelineParts } from '../../actors/cpu/pipeline-parts.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';

/** What the scopes of a key are asked for. */
function askedFor(plan: Pick<Plan, 'operation' | 'table' | 'further'>): readonly string[] {
  const asked: string[] = [];
  const psu = {
    authorize: (_handle: unknown, operation: string, table: string) => asked.push(`${operation} ${table}`),
  };
  authorizePlan({ psu } as unknown as PipelineParts, {} as Exchange, plan as Plan);
  return asked;
}

describe('the scopes of a key', () => {
  it('are asked for each table that a plan touches', () => {
    const table = { schema: 'public', name: 'item' };
    const further = [
      { operation: 'select', table: { schema: 'public', name: 'part' } },
      { operation: 'update', table },
    ] as const;
    assert.deepEqual(askedFor({ operation: 'insert', table, further }), [
      'insert item',
      'select part',
      'update item',
    ]);
  });

  it('tell a table of public from one of the same name in another schema', () => {
    const table = { schema: 'private', name: 'item' };
    assert.deepEqual(askedFor({ operation: 'select', table, further: [{ operation: 'select', table }] }), [
      'select private.item',
      'select private.item',
    ]);
  });
});
