/**
 * Flags of Node that MagFlock runs with, for the daemon and the command line alike.
 * - `--disable-sigusr1`: a signal must not open the inspector of a daemon that holds keys.
 * - `--disable-warning=ExperimentalWarning`: `node:sqlite` (the lock of the data folder) is marked
 *   experimental in Node 24; only this kind of warning is silenced.
 */
export const nodeFlags = ['--disable-sigusr1', '--disable-warning=ExperimentalWarning'];
