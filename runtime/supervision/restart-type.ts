/** What follows the end of a child: always a restart, one after a crash, none. OTP's `restart`. */
export type RestartType = 'permanent' | 'transient' | 'temporary';
