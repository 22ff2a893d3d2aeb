import { createRequire } from 'node:module';
import type * as prometheus from 'prom-client';

/** prom-client's Gauge from its own file; registry.ts says why. */
export const Gauge: typeof prometheus.Gauge = createRequire(import.meta.url)('prom-client/lib/gauge');
export type Gauge<Label extends string = string> = prometheus.Gauge<Label>;
