import type { Timers } from '../actor/timers.ts';
import { MagFlockError } from '../errors/magflock-error.ts';

/** What a part answers in a test. */
export type Answer<Payload = never> = (payload: Payload, clock: Timers) => unknown;

const terminated = () => new MagFlockError('MF601', 'the part ended before it answered');

/** Answers of parts that do not work as they should, for the `parts` of a test kit. */
export const faultyAnswers = {
  /** Fails this many times, then answers. Default error: MF601, the part has ended. */
  fails<P>(times: number, answer: Answer<P>, error: () => Error = terminated): Answer<P> {
    let left = times;
    return (payload, clock) => {
      left -= 1;
      if (left >= 0) throw error();
      return answer(payload, clock);
    };
  },
  /** Its askers get MF602 when the time of their ask has passed. */
  never<P>(): Answer<P> {
    return () => new Promise(() => {});
  },
  /** Answers after this much of the test's time. */
  late<P>(milliseconds: number, answer: Answer<P>): Answer<P> {
    return (payload, clock) =>
      new Promise((resolve, reject) => {
        clock.after(milliseconds, () => {
          (async () => answer(payload, clock))().then(resolve, reject);
        });
      });
  },
};
