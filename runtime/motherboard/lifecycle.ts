import { MagFlockError } from '../errors/magflock-error.ts';

/** Life of the whole machine. */
export type Stage = 'new' | 'booting' | 'running' | 'stopping' | 'stopped' | 'failed';

const next: Readonly<Record<Stage, readonly Stage[]>> = {
  new: ['booting', 'stopping'],
  booting: ['running', 'failed', 'stopping'],
  running: ['stopping'],
  failed: ['stopping', 'booting'],
  stopping: ['stopped'],
  stopped: ['booting'],
};

/** Where the machine is in its life; refuses steps that make no sense, such as booting twice. */
export class Lifecycle {
  #stage: Stage = 'new';
  readonly startedAt = new Date().toISOString();

  get stage(): Stage {
    return this.#stage;
  }

  to(stage: Stage): void {
    if (!next[this.#stage].includes(stage)) {
      throw new MagFlockError('MF699', `the machine is ${this.#stage} and cannot be ${stage} next`);
    }
    this.#stage = stage;
  }
}
