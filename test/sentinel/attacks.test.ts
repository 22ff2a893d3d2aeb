import assert from 'node:assert/strict';
import { attacks } from './support/attacks.ts';
import { bodyPlaces, find, isBlocked, places } from './support/judge.ts';

describe('attacks are blocked wherever they stand', () => {
  for (const [what, rows] of Object.entries(attacks)) {
    describe(what, () => {
      for (const [place, put] of Object.entries(places)) {
        it(`in a ${place}`, () => {
          const missed = rows.filter(({ text }) => !isBlocked(put(text))).map(({ text }) => text);
          assert.deepEqual(missed, []);
        });
      }
      for (const [place, put] of Object.entries(bodyPlaces)) {
        it(`in a ${place}, when shaped like an injection`, () => {
          const missed = rows
            .filter(({ text, body }) => body && !isBlocked(put(text)))
            .map(({ text }) => text);
          assert.deepEqual(missed, []);
        });
      }
    });
  }

  it('the acceptance example is blocked as a parameter, with the place named', () => {
    const finding = find(places['parameter']!("1' OR '1'='1"));
    assert.equal(finding?.where, 'query.name');
    assert.equal(finding?.surface, 'query');
    assert.match(finding?.signature.name ?? '', /^quote-/);
  });
});
