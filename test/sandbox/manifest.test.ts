import assert from 'node:assert/strict';
import { manifest } from '../../extensions/maggate/manifest.ts';
import { validateManifest } from '../../sandbox/package/validate-manifest.ts';

describe('sandbox: manifest', () => {
  it('of MagGate is valid', () => {
    assert.equal(validateManifest(manifest, 'maggate'), manifest);
  });

  const faulty: readonly (readonly [name: string, manifest: unknown, field: string])[] = [
    ['nothing', undefined, 'manifest'],
    ['a text', 'manifest', 'manifest'],
    ['an id without publisher', { ...manifest, id: 'maggate' }, 'id'],
    ['an id in capitals', { ...manifest, id: 'MagFlock.maggate' }, 'id'],
    ['no semver', { ...manifest, version: '1' }, 'version'],
    ['an empty description', { ...manifest, description: '' }, 'description'],
    [
      'a capability that is none',
      { ...manifest, permissions: [{ capability: 'kernel.panic', scope: ['*'], reason: 'x' }] },
      'permissions.0.capability',
    ],
    [
      'a permission without reason',
      { ...manifest, permissions: [{ capability: 'query.plan', scope: ['*'] }] },
      'permissions.0.reason',
    ],
    [
      'a permission without scope',
      { ...manifest, permissions: [{ capability: 'query.plan', scope: [], reason: 'x' }] },
      'permissions.0.scope',
    ],
    ['an unknown field', { ...manifest, entry: 'x' }, 'entry'],
    ['components that are no list', { ...manifest, requiredComponents: 'storage' }, 'requiredComponents'],
  ];
  for (const [name, value, field] of faulty) {
    it(`${name} is MF620 and names ${field}`, () => {
      assert.throws(
        () => validateManifest(value, 'the test'),
        (error: { code: string; message: string; details: { field: string } }) => {
          assert.equal(error.code, 'MF620');
          assert.equal(error.details.field, field);
          assert.match(error.message, /the test/);
          assert.doesNotMatch(error.message, /schema is false/);
          return true;
        },
      );
    });
  }
});
