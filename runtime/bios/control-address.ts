import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MagFlockError } from '../errors/magflock-error.ts';
import { dataPaths } from './data-paths.ts';

/** `sun_path` holds 108 bytes with the final zero (unix(7)); longer paths are cut without an error. */
const longestPath = 107;

/** Where the control socket of a data folder is, and the secret that opens it. */
export const controlAddress = {
  /**
   * The socket's path: in the data folder, or in a short private folder under the system's temporary one when
   * that path would be too long.
   * @throws MagFlockError MF705 when somebody else made that folder before us
   */
  socket(dataDir: string): string {
    const { socket } = dataPaths(dataDir);
    if (Buffer.byteLength(socket) <= longestPath) return socket;
    const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
    const folder = join(tmpdir(), `magflock-${name}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
      throw new MagFlockError('MF705', `${folder} for the control socket belongs to somebody else`, {
        fix: 'choose a data folder with a shorter path with --data, or set TMPDIR',
      });
    }
    chmodSync(folder, 0o700);
    return join(folder, 'control.sock');
  },

  /** Takes away what is of no use without a running daemon. */
  remove(dataDir: string, socket: string): void {
    const { socket: own, token } = dataPaths(dataDir);
    rmSync(token, { force: true });
    rmSync(socket, { force: true });
    // The short folder is ours alone; one that is not empty stays.
    if (socket !== own) rmdirSync(dirname(socket));
  },

  /** A new token for this boot, in a file only the owner of the data folder may read. */
  createToken(dataDir: string): string {
    const token = randomBytes(32).toString('base64url');
    const { token: file } = dataPaths(dataDir);
    writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
    return token;
  },
} as const;
