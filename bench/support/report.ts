/** One measured figure against a peer in the same run. */
export interface Figure {
  readonly measure: string;
  readonly peer: string;
  readonly value: number;
  readonly peerValue: number;
  readonly ratio: number;
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
    process.stdout.write(
      `${mark} ${figure.measure.padEnd(58)} ${format(figure.value)}  ${figure.peer.padEnd(34)} ${format(figure.peerValue)}  ratio ${figure.ratio.toFixed(2)}  goal ${figure.goal}\n`,
    );
  }
}

function format(value: number): string {
  return (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)).padStart(10);
}
