/** One line of the power-on self test: a part really found, its facts and the time it took. */
export interface PostLine {
  /** `cpu`, `ram`, `storage`, `psu` … or `slot 1` for a PCIe slot. */
  readonly part: string;
  readonly outcome: 'ok' | 'warn' | 'fail' | 'empty';
  /** What was found: `PostgreSQL 18.4 embedded, pid 4123, unix socket`. */
  readonly facts: string;
  /** What to do, when not ok. */
  readonly fix?: string;
  readonly ms: number;
  readonly required: boolean;
}
