import type { Registry } from 'prom-client';

/** The metric registry of one thread; the admin listener merges those of all threads. */
export type Metrics = Registry;
