import type { Parameters } from 'fast-check';

/**
 * How long a fuzz runs: a few schemas in a test run, more with `MAGFLOCK_FUZZ_RUNS=<times as many>`. A failure tells
 * its seed and path, which `MAGFLOCK_FUZZ_SEED` and `MAGFLOCK_FUZZ_PATH` bring back. Nothing is shrunk: the message
 * holds schema, request and both answers.
 */
export function fuzzRuns(runs: number): Parameters<unknown> {
  const { MAGFLOCK_FUZZ_RUNS: times, MAGFLOCK_FUZZ_SEED: seed, MAGFLOCK_FUZZ_PATH: path } = process.env;
  return {
    numRuns: Math.ceil(runs * Number(times ?? 1)),
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
