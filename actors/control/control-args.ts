import type { DescribedSetting } from '../../runtime/bios/describe-settings.ts';

/** What the BIOS hands to the control part. */
export interface ControlArgs {
  readonly version: string;
  /** Path of the unix socket; at most 107 bytes (`sun_path`, unix(7)). */
  readonly socket: string;
  /** Token of this boot; callers of the socket send it as bearer token. */
  readonly token: string;
  /** Settings as they may be shown. */
  readonly settings: readonly DescribedSetting[];
}
