import { spawnSync } from 'node:child_process';
import type { ServerAccount } from './server-account.ts';

/**
 * Whether the account can get to a path and use it. Asked of the kernel, by trying as that account: mode bits
 * alone say nothing about access lists, read-only mounts or a closed folder further up.
 * @param test of test(1): `-x` to enter or execute, `-r` to read, `-w` to write
 */
export function mayUse(path: string, test: '-x' | '-r' | '-w', account: ServerAccount | undefined): boolean {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  const { status } = spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], {
    ...identity,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}
