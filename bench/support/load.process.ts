import { load } from './load.ts';

/** The load generator in a process of its own. Input and output are JSON on the IPC channel. */
interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  readonly headers: readonly string[];
  readonly ratePerSecond?: number;
  /** `{key}` in the template is replaced by a random integer from 1 to `keys`. */
  readonly template: string;
  readonly keys: number;
}

process.on('message', (order: LoadOrder) => {
  const [before = '', after = ''] = order.template.split('{key}');
  const nextPath = (): string => `${before}${1 + Math.floor(Math.random() * order.keys)}${after}`;
  load({ ...order, nextPath }).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
