import { createRequire } from 'node:module';
import type * as prometheus from 'prom-client';

/**
 * The instruments of prom-client, each from its own file. The package's index also loads what a thread never uses
 * (default metrics, push gateway and, through them, OpenTelemetry): 90 modules and 30 ms in every thread.
 */
const require = createRequire(import.meta.url);

export const Counter: typeof prometheus.Counter = require('prom-client/lib/counter');
export const Gauge: typeof prometheus.Gauge = require('prom-client/lib/gauge');
export const Registry: typeof prometheus.Registry = require('prom-client/lib/registry');

export type Counter<Label extends string = string> = prometheus.Counter<Label>;
export type Gauge<Label extends string = string> = prometheus.Gauge<Label>;
export type Registry = prometheus.Registry;
