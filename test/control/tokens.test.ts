import { deepEqual, equal, ok } from 'node:assert/strict';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

const subject = '11111111-1111-4111-8111-111111111111';

describe('tokens over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;

  beforeEach(async () => {
    control = await controlHarness(folder(), { psu: () => ({ token: 'a.b.c', role: 'authenticated' }) });
  });
  afterEach(() => control.stop());

  const asked = (part: string) => control.asked.filter((one) => one.part === part);
  const post = (body: unknown) => control.call('POST', '/tokens?project=shop', { body });

  it('are signed by the PSU; the trail says for whom and never has the token or a claim', async () => {
    const body = { role: 'authenticated', subject, expiresSeconds: 60, claims: { team: 'staff' } };
    const answer = await post(body);
    deepEqual([answer.status, answer.json.token], [201, 'a.b.c']);
    deepEqual(asked('psu')[0]?.payload, { ...body, project: 'shop' });
    const { action, project, target } = asked('audit')[0]!.payload as Record<string, string>;
    deepEqual([action, project, target], ['token.sign', 'shop', `authenticated ${subject}`]);
    ok(!/a\.b\.c|staff/.test(JSON.stringify(asked('audit'))));
  });

  for (const body of [
    { role: 'authenticated', expiresSeconds: 31 * 86_400 },
    { role: 'authenticated' },
    { expiresSeconds: 60 },
    { role: 'authenticated', expiresSeconds: 60, subject: 'a\nb' },
  ]) {
    it(`are not asked for with ${JSON.stringify(body)}`, async () => {
      equal((await post(body)).status, 400);
      deepEqual(control.asked, []);
    });
  }
});
