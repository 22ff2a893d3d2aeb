import assert from 'node:assert/strict';
import { combine, type Evidence } from '../../actors/sentinel/sqlguard/combine.ts';
import { thresholds } from '../../actors/sentinel/sqlguard/thresholds.ts';

const surfaces = ['query', 'body', 'sql'] as const;
const signed = (score: number): Evidence['signature'] => ({ score, name: 'quote-condition' });

describe('signature and model become one score', () => {
  for (const surface of surfaces) {
    const { log, throttle, block, escalate } = thresholds[surface];

    it(`${surface}: the bands follow each other`, () => {
      assert.ok(0 < log && log < throttle && throttle < block && block < escalate && escalate < 1);
    });

    it(`${surface}: a signature at its block threshold decides without a model, and against one`, () => {
      for (const model of [undefined, 0, 0.5, 1]) {
        const { action } = combine({ surface, signature: signed(block), model });
        assert.ok(action === 'block' || action === 'escalate', `${model}`);
      }
    });

    it(`${surface}: a model that is sure needs no signature`, () => {
      assert.equal(combine({ surface, signature: undefined, model: 1 }).action, 'escalate');
    });

    it(`${surface}: nothing at all is allowed`, () => {
      for (const model of [undefined, 0, 0.01]) {
        assert.deepEqual(combine({ surface, signature: undefined, model }).action, 'allow');
      }
    });

    it(`${surface}: the score never falls when the model is surer, or a signature is there`, () => {
      for (const signature of [undefined, signed(0.5), signed(0.7), signed(0.8), signed(0.9)]) {
        let last = -1;
        for (let step = 0; step <= 200; step += 1) {
          const { score } = combine({ surface, signature, model: step / 200 });
          assert.ok(score >= last && score >= 0 && score <= 1, `${signature?.score} ${step / 200}`);
          const alone = combine({ surface, signature: undefined, model: step / 200 }).score;
          assert.ok(score >= alone);
          last = score;
        }
      }
    });

    it(`${surface}: a signature below its block threshold blocks only with the model`, () => {
      const signature = signed(throttle);
      assert.notEqual(combine({ surface, signature, model: undefined }).action, 'block');
      assert.equal(combine({ surface, signature, model: 0.0001 }).action, 'allow');
    });
  }

  it('in a body the model must be far surer than elsewhere', () => {
    assert.equal(combine({ surface: 'body', signature: undefined, model: 0.99 }).action, 'allow');
    assert.notEqual(combine({ surface: 'query', signature: undefined, model: 0.99 }).action, 'allow');
  });
});
