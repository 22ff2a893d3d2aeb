import type { Settings } from '../../config/settings.ts';
import type { PostLine } from './post-line.ts';

export interface PostContext {
  readonly settings: Settings;
  /** The data folder was made by this boot. */
  readonly firstRun: boolean;
  /** When a daemon last ran on this data, ISO 8601; undefined on the first run. */
  readonly lastSeen: string | undefined;
}

export interface PostResult extends Pick<PostLine, 'outcome' | 'facts' | 'fix'> {
  /** Code of the error that a failed required check ends the boot with; default MF700. */
  readonly code?: 'MF700' | 'MF702' | 'MF705' | 'MF707';
}

/** One check of the power-on self test. It looks, it changes nothing. */
export interface PostCheck {
  readonly part: string;
  /** A failed required check stops the boot. */
  readonly required: boolean;
  run(context: PostContext): PostResult | Promise<PostResult>;
}
