import { createRequire } from 'node:module';
import type * as prometheus from 'prom-client';

/** prom-client's Counter from its own file; registry.ts says why. */
export const Counter: typeof prometheus.Counter = createRequire(import.meta.url)('prom-client/lib/counter');
export type Counter<Label extends string = string> = prometheus.Counter<Label>;
