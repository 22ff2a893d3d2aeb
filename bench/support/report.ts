/** One measured figure against a peer in the same run. */
export interface Figure {
  readonly measure: string;
  readonly peer: string;
  readonly value: number;
  /** null or NaN where there is no peer. */
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly goal: string;
  readonly ok: boolean | null;
}

/** Prints figures as a table, or with `--json` as one array. */
export function report(figures: readonly Figure[]): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
    return;
  }
  for (const figure of figures) {
    const mark = figure.ok === null ? '    ' : figure.ok ? 'ok  ' : 'MISS';
    const ratio = isNumber(figure.ratio) ? figure.ratio.toFixed(2) : '-';
    process.stdout.write(
      `${mark} ${figure.measure.padEnd(58)} ${format(figure.value)}  ${figure.peer.padEnd(34)} ${format(figure.peerValue)}  ratio ${ratio}  goal ${figure.goal}\n`,
    );
  }
}

function isNumber(value: number | null): value is number {
  return value !== null && !Number.isNaN(value);
}

function format(value: number | null): string {
  if (!isNumber(value)) return '-'.padStart(10);
  return (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)).padStart(10);
}
