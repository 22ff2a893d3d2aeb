import assert from 'node:assert/strict';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { LedgerProtocol } from './ledger.ts';
import type { Machine } from './machine.ts';

/** Who sends: a test in the main thread, or a relay in a thread of its own. */
export type Sender = 'main' | `relay-${number}`;

/** Numbered messages of several senders to `ledger`, and what has become of each. */
export class Streams {
  readonly #machine: Machine;
  readonly #next = new Map<Sender, number>();
  readonly #asks: Promise<void>[] = [];
  readonly #outcomes = new Map<string, string>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Sends the next numbers of this sender. */
  send(from: Sender, count: number): void {
    const ledger = this.#machine.ref<LedgerProtocol>('ledger');
    for (let left = count; left > 0; left--) {
      const number = this.#next.get(from) ?? 0;
      this.#next.set(from, number + 1);
      const payload = { from, number };
      const ask =
        from === 'main'
          ? ledger.ask('write', payload)
          : (this.#machine
              .ref(from)
              .ask('askOther', { part: 'ledger', method: 'write', payload }) as Promise<{
              readonly number: number;
            }>);
      this.#asks.push(this.#follow(`${from} ${number}`, number, ask));
    }
  }

  async #follow(line: string, number: number, ask: Promise<{ readonly number: number }>): Promise<void> {
    let outcome: string;
    try {
      const answer = await ask;
      assert.equal(answer.number, number);
      outcome = 'written';
    } catch (error) {
      outcome = (error as MagFlockError).code;
    }
    assert.ok(!this.#outcomes.has(line), `${line} was answered twice`);
    this.#outcomes.set(line, outcome);
  }

  /** Keeps sending until the returned function is called. */
  flow(from: Sender, perTurn: number): () => Promise<void> {
    let stop = false;
    const flowing = (async () => {
      while (!stop) {
        // As much as a mailbox holds is not at stake here.
        if (this.#asks.length - this.#outcomes.size < 1_000) this.send(from, perTurn);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    return async () => {
      stop = true;
      await flowing;
    };
  }

  /**
   * Waits for all answers. Each message was answered once; one that was answered as written was written once, the
   * others at most once; and each sender's were written in its order.
   * @param refusals codes that an ask may end with, none by default
   * @returns how many were written
   */
  async check(written: ActorRef<LedgerProtocol>, refusals: readonly string[] = []): Promise<number> {
    await Promise.all(this.#asks);
    const lines = await written.ask('written', null);
    const times = new Map<string, number>();
    for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
    for (const [line, outcome] of this.#outcomes) {
      const wrote = times.get(line) ?? 0;
      if (outcome === 'written') assert.equal(wrote, 1, `${line} was answered and written ${wrote} times`);
      else {
        assert.ok(refusals.includes(outcome), `${line} ended with ${outcome}`);
        assert.ok(wrote <= 1, `${line} was written ${wrote} times`);
      }
    }
    for (const from of this.#next.keys()) {
      const mine = lines
        .map((line) => line.split(' ') as [string, string])
        .filter(([sender]) => sender === from)
        .map(([, number]) => Number(number));
      assert.deepEqual(
        mine,
        [...mine].sort((a, b) => a - b),
        `order of ${from}`,
      );
    }
    return lines.length;
  }
}
