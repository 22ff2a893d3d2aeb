import type { Health } from '../motherboard/health.ts';

export interface PartStatus {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly slot: 'component' | 'extension' | 'peripheral';
  readonly state: 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped' | 'failed' | 'quarantined';
  readonly placement: string;
  readonly incarnation: number;
  readonly restarts: number;
  readonly mailbox: number;
  readonly startedAt: string | null;
  readonly lastError: string | null;
  readonly capabilities: readonly string[];
  readonly health: Health | null;
  readonly replicas: readonly string[];
}

/** The motherboard as other parts know it (inline in the main thread). */
export interface MotherboardProtocol {
  status(request: null): {
    readonly pid: number;
    readonly version: string;
    readonly startedAt: string;
    readonly parts: readonly PartStatus[];
  };
  healthCheck(request: null): Readonly<Record<string, Health>>;
  restart(request: { readonly part: string }): { readonly incarnation: number };
  /** Begins the shutdown of the whole machine; answers at once. */
  shutdown(request: { readonly reason: string }): { readonly stopping: boolean };
  /** Metrics of all threads, merged, in the Prometheus text format. */
  metrics(request: null): { readonly text: string; readonly contentType: string };
  /** POST lines of this boot, for `doctor` and `status`. */
  post(request: null): readonly import('../bios/post-line.ts').PostLine[];
}
