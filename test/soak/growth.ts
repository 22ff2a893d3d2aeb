/** A value at a time. */
export interface Sample {
  /** Seconds. */
  readonly at: number;
  readonly value: number;
}

/**
 * How much a value grew by over the time of its samples, by the slope of the line that fits them best: single peaks
 * count for little, and what grows steadily counts however small its steps are.
 */
export function growth(samples: readonly Sample[]): number {
  if (samples.length < 2) return 0;
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const at = mean((sample) => sample.at);
  const value = mean((sample) => sample.value);
  const above = samples.reduce((sum, sample) => sum + (sample.at - at) * (sample.value - value), 0);
  const below = samples.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  const first = samples[0] as Sample;
  const last = samples.at(-1) as Sample;
  return below === 0 ? 0 : (above / below) * (last.at - first.at);
}
