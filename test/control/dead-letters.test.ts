import { deepEqual, equal } from 'node:assert/strict';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

describe('dead letters over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;

  beforeEach(async () => {
    control = await controlHarness(folder(), {
      audit: () => ({ id: 'a' }),
      motherboard(method, payload) {
        if (method === 'deadLetters') return [{ id: '1', reason: 'failed' }];
        if (method === 'clearDeadLetters') return { removed: 3 };
        const { id } = payload as { id: string };
        if (id === '9')
          throw new MagFlockError('MF634', 'dead letter 9 cannot be sent again: it is an event');
        return { id, outcome: 'sent' };
      },
    });
  });
  afterEach(() => control.stop());

  const asked = () =>
    control.asked.filter(({ part }) => part === 'motherboard').map(({ payload }) => payload);
  const acts = () =>
    control.asked
      .filter(({ part, method }) => part === 'audit' && method === 'append')
      .map(({ payload }) => (payload as { action: string }).action);

  it('are listed, the newest hundred or as many as asked for, without an entry in the trail', async () => {
    deepEqual((await control.call('GET', '/dead-letters')).json, [{ id: '1', reason: 'failed' }]);
    await control.call('GET', '/dead-letters?limit=7');
    deepEqual(asked(), [{ limit: 100 }, { limit: 7 }]);
    equal((await control.call('GET', '/dead-letters?limit=0')).status, 400);
    deepEqual(acts(), []);
  });

  it('are sent again, with an entry in the trail, or the reason why not', async () => {
    deepEqual((await control.call('POST', '/dead-letters/e-1/replay')).json, { id: 'e-1', outcome: 'sent' });
    deepEqual(acts(), ['dead-letter.replay']);
    const refused = await control.call('POST', '/dead-letters/9/replay');
    equal(refused.status, 409);
    equal(refused.json.code, 'MF634');
  });

  it('are forgotten, with an entry in the trail', async () => {
    deepEqual((await control.call('DELETE', '/dead-letters')).json, { removed: 3 });
    deepEqual(acts(), ['dead-letters.clear']);
  });

  it('are nobody else’s business: no token, no answer', async () => {
    equal((await control.call('GET', '/dead-letters', { token: null })).status, 401);
  });
});
