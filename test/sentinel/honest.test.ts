import assert from 'node:assert/strict';
import { honest, honestInBody } from './support/honest.ts';
import { honestNotations } from './support/honest-notations.ts';
import { bodyPlaces, find, places } from './support/judge.ts';

/** Which values raise anything at all, with the signature: an entry in the log is a false alarm too. */
function alarms(values: readonly string[], put: (typeof places)[string]): string[] {
  return values.flatMap((value) => {
    const finding = find(put(value));
    return finding === undefined ? [] : [`${finding.signature.name}: ${value}`];
  });
}

describe('honest values pass wherever they stand', () => {
  for (const [kind, values] of Object.entries({ ...honest, notations: honestNotations })) {
    for (const [place, put] of Object.entries({ ...places, ...bodyPlaces })) {
      it(`${kind} in a ${place}`, () => assert.deepEqual(alarms(values, put), []));
    }
  }

  for (const [place, put] of Object.entries(bodyPlaces)) {
    it(`SQL and texts about SQL in a ${place}`, () => assert.deepEqual(alarms(honestInBody, put), []));
  }

  it('there are hundreds of them', () => {
    const count = Object.values(honest).flat().length + honestNotations.length;
    assert.ok(count >= 600, `${count}`);
  });
});
