import { MagFlockError } from '../errors/magflock-error.ts';

/** Crashes after which a message is not sent any more; and messages whose crashes are remembered. */
const mostCrashes = 3;
const mostKnown = 10_000;

/** Messages that took their thread with them, by target and the id their sender gave them. */
export class PoisonGuard {
  readonly #crashes = new Map<string, number>();

  /** The thread of the target ended while it ran this message. */
  died(target: string, id: string): void {
    const key = keyOf(target, id);
    const crashes = (this.#crashes.get(key) ?? 0) + 1;
    // Anew at the end: the oldest are forgotten first.
    this.#crashes.delete(key);
    this.#crashes.set(key, crashes);
    if (this.#crashes.size <= mostKnown) return;
    for (const oldest of this.#crashes.keys()) {
      this.#crashes.delete(oldest);
      return;
    }
  }

  /** Why the message is not sent once more, or undefined. */
  refusal(target: string, method: string, id: string): MagFlockError | undefined {
    const crashes = this.#crashes.get(keyOf(target, id)) ?? 0;
    if (crashes < mostCrashes) return undefined;
    return new MagFlockError('MF632', `${target}.${method} ended its thread ${crashes} times under this id`, {
      details: { part: target, method, id, crashes },
    });
  }
}

function keyOf(target: string, id: string): string {
  return `${target}\0${id}`;
}
