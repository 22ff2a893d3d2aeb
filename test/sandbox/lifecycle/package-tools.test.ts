import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackageTools } from '../../../sandbox/lifecycle/create-package-tools.ts';
import { publicKey } from '../../../sandbox/package/public-key.ts';
import { signPackage } from '../../../sandbox/package/sign-package.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { packageBytes, packageOf } from '../package/package-of.ts';

describe('packages as the life cycle reads them', () => {
  const folder = temporaryFolder();
  const tools = createPackageTools({ engine: '0.1.0', extensionApi: 1, components: [] });
  const { privateKey } = generateKeyPairSync('ed25519');
  const trustedAt = '2030-01-01T00:00:00Z';
  const publishers = { acme: { key: publicKey.text(privateKey), trustedAt, history: [] } };

  it('are read, verified and scanned in another thread, and what was verified is written', async () => {
    const bytes = signPackage(packageOf({ 'extension.js': 'eval("1");\n' }), privateKey);
    const turn = setInterval(() => turns++, 1);
    let turns = 0;
    const inspected = await tools.inspect(bytes, { publishers, revoked: [] });
    clearInterval(turn);
    assert.ok(turns > 0, 'this thread went on meanwhile');
    assert.deepEqual([inspected.signature, inspected.trust, inspected.objection], ['signed', 'signed', null]);
    assert.ok(inspected.findings.some(({ severity }) => severity !== 'info'));
    const { sha256, digest, signedBy } = inspected;
    assert.deepEqual(tools.identify(bytes), { sha256, digest, signedBy });
    assert.equal(signedBy, publicKey.fingerprint(publishers.acme.key));
    await inspected.unpack(join(folder(), 'there'));
    assert.equal(readFileSync(join(folder(), 'there', 'extension.js'), 'utf8'), 'eval("1");\n');
    assert.equal((await tools.inspect(packageBytes(), { publishers, revoked: [] })).signature, 'unsigned');
  });

  it('that are none are refused with the code of what is wrong', async () => {
    await assert.rejects(async () => tools.inspect(Buffer.from('no'), { publishers, revoked: [] }), {
      code: 'MF666',
    });
    const faulty = async () => packageBytes({ 'magflock.extension.json': '{"id":1}' });
    await assert.rejects(async () => tools.inspect(await faulty(), { publishers, revoked: [] }), {
      code: 'MF620',
    });
  });
});
