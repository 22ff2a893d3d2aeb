import assert from 'node:assert/strict';
import { thresholds } from '../../actors/sentinel/inspect/thresholds.ts';
import { UnitBuffer } from '../../actors/sentinel/normalise/unit-buffer.ts';
import { SignatureSet } from '../../actors/sentinel/signatures/signature-set.ts';
import { signatures } from '../../actors/sentinel/signatures/signatures.ts';
import { examples } from './support/examples.ts';

describe('each signature', () => {
  it('has a name of its own', () => {
    assert.equal(new Set(signatures.map(({ name }) => name)).size, signatures.length);
  });

  it('has an example, and no example is without its signature', () => {
    assert.deepEqual(Object.keys(examples).sort(), signatures.map(({ name }) => name).sort());
  });

  for (const signature of signatures) {
    it(`${signature.name} says why, and matches its examples alone`, () => {
      assert.match(signature.name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(signature.why, /^[a-zA-Z].{10,100}[^.]$/);
      assert.ok(signature.score > 0 && signature.score <= 1);
      assert.ok(signature.body >= 0 && signature.body <= signature.score);
      const set = new SignatureSet([signature], 'score');
      const buffer = new UnitBuffer();
      for (const text of examples[signature.name]!) {
        buffer.load(text);
        assert.equal(set.match(buffer, 1).signature, signature, text);
      }
    });
  }

  it('that counts in a body looks only at the beginning of a string', () => {
    const loose = signatures.filter(
      (signature) => signature.body > 0 && !new SignatureSet([signature], 'body').anchored,
    );
    assert.deepEqual(
      loose.map(({ name }) => name),
      [],
    );
  });

  it('is stricter in a body than elsewhere', () => {
    assert.ok(thresholds.body.block > thresholds.query.block);
    assert.ok(signatures.some(({ body }) => body === 0));
  });
});
