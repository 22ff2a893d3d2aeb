/** Answer of a health check. `degraded`: it works, but not all of it; `facts` say what. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'failed';
  /** One line for people. */
  readonly summary: string;
  /** What to do about it, when not ok. */
  readonly fix?: string;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}
