import { createRequire } from 'node:module';
import type * as prometheus from 'prom-client';

/** prom-client's Histogram from its own file; registry.ts says why. */
export const Histogram: typeof prometheus.Histogram = createRequire(import.meta.url)(
  'prom-client/lib/histogram',
);
export type Histogram<Label extends string = string> = prometheus.Histogram<Label>;
