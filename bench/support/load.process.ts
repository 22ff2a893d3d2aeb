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
  /** One of them at random for each request: what stands before the path, and a header line. */
  readonly variants?: readonly { readonly prefix: string; readonly header: string }[];
}

process.on('message', (order: LoadOrder) => {
  const path = order.template.split('{key}');
  const body = order.body?.split('{key}');
  const { variants } = order;
  const next = (): { path: string; body?: string; header?: string } => {
    const key = String(1 + Math.floor(Math.random() * order.keys));
    const variant = variants?.[Math.floor(Math.random() * variants.length)];
    return {
      path: (variant?.prefix ?? '') + path.join(key),
      ...(body === undefined ? {} : { body: body.join(key) }),
      ...(variant === undefined ? {} : { header: variant.header }),
    };
  };
  load({ ...order, next }).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
