import type { StoppingPart } from '../motherboard/stop-watch.ts';
import type { PostLine } from './post-line.ts';

/** Stages of a boot, in the order they are shown. */
export type BootStage = 'bios' | 'board' | 'slots' | 'memory' | 'gpu' | 'usb' | 'patrol' | 'check';

/**
 * What a boot and a shutdown announce, in this order. With `--json` each is one line on stdout; the last one of a
 * boot is `ready` or `failed`. No event carries a secret except `keys`, whose secret only a terminal shows.
 */
export type BootEvent =
  | {
      readonly event: 'begin';
      readonly version: string;
      readonly node: string;
      readonly pid: number;
      readonly dataDir: string;
      readonly firstRun: boolean;
    }
  | { readonly event: 'notice'; readonly text: string }
  | ({ readonly event: 'post'; readonly stage: BootStage } & PostLine)
  /** Something takes longer than two seconds. */
  | { readonly event: 'progress'; readonly text: string; readonly seconds: number }
  | {
      readonly event: 'keys';
      readonly project: string;
      readonly publicKey: string;
      /** Shown once, on a terminal; else it stands in `file`. */
      readonly secretKey: string;
      /** Path of the file the keys were written to; null when a terminal shows them. */
      readonly file: string | null;
    }
  | {
      readonly event: 'ready';
      /** Base address of the public listener. */
      readonly url: string;
      readonly adminUrl: string;
      /** Path of the control socket. */
      readonly socket: string;
      readonly pid: number;
      readonly tookMs: number;
      /** Addresses by name, for people. */
      readonly links: Readonly<Record<string, string>>;
      /** Commands that work as they stand. */
      readonly next: readonly string[];
    }
  | { readonly event: 'failed'; readonly code: string; readonly message: string; readonly fix: string }
  | { readonly event: 'stopping'; readonly reason: string; readonly drainMs: number }
  | { readonly event: 'draining'; readonly secondsLeft: number }
  /** Parts that take long to stop, and what keeps them; four times a second. */
  | { readonly event: 'waiting'; readonly parts: readonly StoppingPart[] }
  /** A part did not stop within its budget and was ended by force. */
  | ({ readonly event: 'killed' } & StoppingPart)
  | { readonly event: 'stopped'; readonly tookMs: number; readonly forced: readonly string[] };

/** Where the events of a boot go. */
export interface BootScreen {
  show(event: BootEvent): void;
}
