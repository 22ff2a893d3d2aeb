import { load } from './load.ts';

/** The load generator in a process of its own. Input and output are JSON on the IPC channel. */
interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  readonly headers: readonly string[];
  readonly ratePerSecond?: number;
  /** `{key}` in template and body is replaced by a random integer from 1 to `keys`, the same in both. */
  readonly template: string;
  readonly keys: number;
  readonly method?: string;
  readonly body?: string;
}

process.on('message', (order: LoadOrder) => {
  const path = order.template.split('{key}');
  const body = order.body?.split('{key}');
  const next = (): { path: string; body?: string } => {
    const key = String(1 + Math.floor(Math.random() * order.keys));
    return { path: path.join(key), ...(body === undefined ? {} : { body: body.join(key) }) };
  };
  load({ ...order, next }).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
