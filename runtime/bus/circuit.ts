import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
} from 'cockatiel';
import { isTargetFailure } from './is-target-failure.ts';

export interface CircuitOptions {
  /** Failures one after the other that open the circuit; default 5. */
  readonly failures?: number;
  /** Milliseconds until an open circuit lets one call try; default 30,000. */
  readonly halfOpenAfterMs?: number;
}

export interface Circuit {
  readonly policy: CircuitBreakerPolicy;
  /** The target's supervisor reports it ready: the next call may try at once. */
  targetReady(): void;
}

/** A circuit breaker for one target. */
export function createCircuit(options: CircuitOptions = {}): Circuit {
  const { failures = 5, halfOpenAfterMs = 30_000 } = options;
  let readyAgain = false;
  // cockatiel reads the duration at each call while open, so that it can end early.
  const wait: IBackoff<unknown> = {
    get duration() {
      return readyAgain ? 0 : halfOpenAfterMs;
    },
    next: () => wait,
  };
  const policy = circuitBreaker(handleWhen(isTargetFailure), {
    halfOpenAfter: {
      next() {
        readyAgain = false;
        return wait;
      },
    },
    breaker: new ConsecutiveBreaker(failures),
  });
  return {
    policy,
    targetReady() {
      readyAgain = true;
    },
  };
}
