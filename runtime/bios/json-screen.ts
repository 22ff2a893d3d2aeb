import type { BootScreen } from './boot-event.ts';

/**
 * `--json`: one object per line. Secret keys are left out: standard output of a service usually ends in a log.
 * @param write takes whole lines
 */
export function jsonScreen(write: (text: string) => void): BootScreen {
  return {
    show(event) {
      const { secretKey: _, ...shown } = { secretKey: undefined, ...event };
      write(`${JSON.stringify(shown)}\n`);
    },
  };
}
