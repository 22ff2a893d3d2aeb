import { median } from '../../support/median.ts';

/** `1,234 (1,100 to 1,300, 8 rounds)`: median, least, most. */
export function spreadOf(samples: readonly number[]): string {
  const text = (value: number): string =>
    value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 6 });
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  return `${text(median(samples))} (${text(least)} to ${text(most)}, ${samples.length} rounds)`;
}
