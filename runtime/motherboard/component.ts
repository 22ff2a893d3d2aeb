import type { Health } from './health.ts';

/** What the motherboard knows of every part, wherever it runs. An actor definition plus its ref fulfils it. */
export interface Component {
  readonly name: string;
  readonly version: string;
  init(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  healthCheck(): Promise<Health>;
  getCapabilities(): Promise<readonly string[]>;
}
