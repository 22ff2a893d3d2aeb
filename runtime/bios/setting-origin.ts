/** Where the value of a setting came from; precedence is the order of this list. */
export interface SettingOrigin {
  readonly source: 'flag' | 'environment' | 'env-file' | 'file' | 'default';
  /** In words a user can look up: `--port`, `PORT`, `MAGFLOCK_MASTER_KEY_FILE (/run/key)`, `/etc/x.jsonc`. */
  readonly where: string;
}

/** One thing wrong with the configuration. All are reported together (MF703). */
export interface SettingProblem {
  readonly code: 'MF703' | 'MF704';
  readonly where: string;
  readonly message: string;
  readonly fix: string;
}
