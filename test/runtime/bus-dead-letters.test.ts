import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import { bootMachine, echo, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

describe('dead letters of a machine', () => {
  let machine: Machine;
  let one: ActorRef<EchoProtocol>;
  let two: ActorRef<EchoProtocol>;

  beforeEach(async () => {
    machine = await bootMachine([echo('one'), echo('two')]);
    one = machine.ref('one');
    two = machine.ref('two');
  });
  afterEach(() => machine.close());

  async function letter(reason: string) {
    const { deadLetterOffice } = machine.motherboard;
    const find = async () => (await deadLetterOffice.list(100)).find((each) => each.reason === reason);
    await until(`a letter: ${reason}`, async () => (await find()) !== undefined);
    const found = await find();
    assert.ok(found);
    return found;
  }

  it('a tell is sent again as a tell, once', async () => {
    await machine.motherboard.unregister('two');
    await one.ask('tellOther', { part: 'two', method: 'echo', payload: { secret: 7 } });
    const lost = await letter('part-unavailable');
    assert.equal(lost.replayable, true);
    await machine.motherboard.register(echo('two'));
    assert.deepEqual(await machine.motherboard.deadLetterOffice.replay(lost.id), {
      id: lost.id,
      outcome: 'sent',
    });
    await until('it is there', async () => (await machine.ref('two').ask('seen', null)).length === 1);
    assert.deepEqual(await machine.ref('two').ask('seen', null), [{ secret: 7 }]);
    await assert.rejects(machine.motherboard.deadLetterOffice.replay(lost.id), { code: 'MF634' });
  });

  it('an ask is sent again as an ask, and what it is answered with is told', async () => {
    await assert.rejects(two.ask('die', { how: 'exit' }), { code: 'MF601' });
    const lost = await letter('died-while-running');
    await until('it is back', async () => (await two.ask('incarnation', null)) === 2);
    await assert.rejects(machine.motherboard.deadLetterOffice.replay(lost.id), { code: 'MF601' });
  });

  it('says why one cannot be sent again', async () => {
    await one.ask('tellOther', { part: 'none', method: 'echo', payload: new Uint8Array(2 ** 20) });
    const { id, replayable } = await letter('no-such-part');
    assert.equal(replayable, false);
    const { deadLetterOffice } = machine.motherboard;
    await assert.rejects(deadLetterOffice.replay(id), /its payload was not kept/);
    await assert.rejects(deadLetterOffice.replay('none'), /there is no dead letter of this id/);
    assert.equal((await deadLetterOffice.clear()).removed, 1);
  });

  it('what is secret is not kept, whatever became of it', async () => {
    await machine.motherboard.register(echo('psu'));
    // It has no such method: refused where it arrives.
    await one.ask('tellOther', { part: 'psu', method: 'setSecret', payload: { value: 'hush' } });
    assert.equal((await letter('no-such-method')).replayable, false);
    await machine.motherboard.unregister('psu');
    await one.ask('tellOther', { part: 'psu', method: 'setSecret', payload: { value: 'hush' } });
    await one.ask('tellOther', { part: 'psu', method: 'setTokenSettings', payload: { jwtSecret: 'hush' } });
    await one.ask('tellOther', { part: 'psu', method: 'listSecrets', payload: { project: 'main' } });
    const { deadLetterOffice } = machine.motherboard;
    const letters = () => deadLetterOffice.list(9);
    await until('all are there', async () =>
      (await letters()).some(({ method }) => method === 'listSecrets'),
    );
    // The sender may also tell of the first: its answer did not come before the thread ended.
    for (const { method, replayable } of await letters()) assert.equal(replayable, method === 'listSecrets');
    await assert.rejects(deadLetterOffice.replay((await letter('part-unavailable')).id), /it is secret/);
  });

  it('a message that ends its thread three times under one id is poison: it is not run a fourth time', async () => {
    const fatal = { how: 'exit' } as const;
    for (let life = 1; life <= 3; life++) {
      await until('it is back', async () => (await two.ask('incarnation', null)) === life);
      await assert.rejects(two.ask('die', fatal, { id: 'deadly' }), { code: 'MF601' });
    }
    await assert.rejects(two.ask('die', fatal, { id: 'deadly' }), { code: 'MF632' });
    await letter('poison');
    await until('it lives', async () => (await two.ask('incarnation', null)) === 4);
    assert.equal(await two.ask('echo', 1, { id: 'harmless' }), 1);
  });
});
