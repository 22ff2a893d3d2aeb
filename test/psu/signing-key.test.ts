import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { SigningKey } from '../../actors/psu/signing-key.ts';

const seed = '5a'.repeat(32);

describe('a signing key', () => {
  it('is the same for the same seed and purpose', () => {
    const one = new SigningKey(seed, 'audit-checkpoint');
    const two = new SigningKey(seed, 'audit-checkpoint');
    equal(one.keyId, two.keyId);
    equal(one.publicKeyPem, two.publicKeyPem);
    equal(one.sign('x'), two.sign('x'));
  });

  it('is another one for another seed or another purpose', () => {
    const one = new SigningKey(seed, 'audit-checkpoint');
    notEqual(new SigningKey('5b'.repeat(32), 'audit-checkpoint').keyId, one.keyId);
    notEqual(new SigningKey(seed, 'request').keyId, one.keyId);
  });

  it('signs what its public key verifies, and only that', () => {
    const key = new SigningKey(seed, 'audit-checkpoint');
    const publicKey = createPublicKey(key.publicKeyPem);
    equal(publicKey.asymmetricKeyType, 'ed25519');
    const signature = Buffer.from(key.sign('text'), 'base64url');
    equal(signature.length, 64);
    ok(verify(null, Buffer.from('text'), publicKey, signature));
    ok(!verify(null, Buffer.from('test'), publicKey, signature));
    ok(!verify(null, Buffer.from('text'), generateKeyPairSync('ed25519').publicKey, signature));
  });

  it('has an id that names the algorithm and the public key', () => {
    match(new SigningKey(seed, 'audit-checkpoint').keyId, /^ed25519-[\w-]{22}$/);
  });

  it('shows its private half to nobody', () => {
    const key = new SigningKey(seed, 'audit-checkpoint');
    deepEqual(Object.keys(key).sort(), ['keyId', 'publicKeyPem']);
    ok(!inspect(key, { showHidden: true, depth: 5 }).includes('rivate'));
    ok(!JSON.stringify(key).includes('PRIVATE'));
  });
});
