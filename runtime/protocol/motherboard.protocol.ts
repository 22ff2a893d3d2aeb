import type { ListedDeadLetter } from '../bus/dead-letter.ts';
import type { Replayed } from '../bus/dead-letter-office.ts';
import type { Health } from '../motherboard/health.ts';
import type { Swapped } from '../supervision/hot-swap.ts';
import type { TreeProtocol } from './tree.protocol.ts';

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

export interface SwapRequest {
  readonly part: string;
  readonly module?: string;
  readonly force?: boolean;
}

type SettingValue = string | number | boolean | readonly string[] | null;

/** What became of changed settings. */
export interface SettingsChange {
  /** In force now. */
  readonly applied: readonly {
    readonly name: string;
    readonly from: SettingValue;
    readonly to: SettingValue;
  }[];
  /** Names of those that come into force with the next start. */
  readonly restart: readonly string[];
  /** A stronger source has the say over the one that was set: its variable or flag. */
  readonly overruledBy?: string;
}

/** The motherboard as other parts know it (inline in the main thread). */
export interface MotherboardProtocol extends TreeProtocol {
  status(request: null): {
    readonly pid: number;
    readonly version: string;
    readonly startedAt: string;
    readonly parts: readonly PartStatus[];
  };
  healthCheck(request: null): Readonly<Record<string, Health>>;
  restart(request: { readonly part: string }): { readonly incarnation: number };
  /** Swaps a part; see `Motherboard.swap`. `module` is the absolute path of a file. */
  swap(request: SwapRequest): Swapped;
  /** Reads all settings again. Throws MF703 with every problem; nothing is applied then. */
  reloadSettings(request: null): SettingsChange;
  /** Writes a setting, given as text, into the configuration file, and reads all again. */
  setSetting(request: { readonly name: string; readonly value: string }): SettingsChange;
  /** Begins the shutdown of the whole machine; answers at once. */
  shutdown(request: { readonly reason: string }): { readonly stopping: boolean };
  /** Metrics of all threads, merged, in the Prometheus text format. */
  metrics(request: null): { readonly text: string; readonly contentType: string };
  /** Messages and events that reached nobody: the newest, oldest first. */
  deadLetters(request: { readonly limit: number }): readonly ListedDeadLetter[];
  /** Sends one to its target again. Throws MF634 with the reason when that cannot be. */
  replayDeadLetter(request: { readonly id: string }): Replayed;
  clearDeadLetters(request: null): { readonly removed: number };
  /** POST lines of this boot, for `doctor` and `status`. */
  post(request: null): readonly import('../bios/post-line.ts').PostLine[];
}
