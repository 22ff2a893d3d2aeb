import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { publicKey } from './public-key.ts';
import { readBoundedFile } from './read-bounded-file.ts';

/** The private key of a publisher: PEM (PKCS #8) in a file that only its owner can read. */
export const signingKey = {
  /**
   * Makes a pair and writes the private half to a new file, 0600.
   * @returns the public half
   * @throws MF667 when the file is there already: a key is never overwritten
   */
  generate(file: string): string {
    const { privateKey } = generateKeyPairSync('ed25519');
    let descriptor: number;
    try {
      const { O_WRONLY, O_CREAT, O_EXCL } = constants;
      descriptor = openSync(file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code;
      throw new MagFlockError(
        'MF667',
        `${file} cannot be written: ${why === 'EEXIST' ? 'it is there already' : why}.`,
        {
          fix: 'name another file with --out; a key is never overwritten',
          cause,
        },
      );
    }
    try {
      writeSync(descriptor, String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return publicKey.text(privateKey);
  },

  /** @throws MF667 when it is no Ed25519 private key, or others can read it */
  read(file: string): KeyObject {
    const pem = readBoundedFile(file, 4096, 'MF667');
    const mode = statSync(file).mode & 0o777;
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new MagFlockError(
        'MF667',
        `Others can read the private key ${file} (mode ${mode.toString(8)}).`,
        {
          fix: `chmod 600 ${file}; when others used this machine, rotate the key: magflock ext rotate-key`,
        },
      );
    }
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      // Without the cause: what OpenSSL says may hold parts of the key.
      throw new MagFlockError('MF667', `${file} is no private key in PEM form.`, {
        fix: 'magflock ext keygen makes one',
      });
    }
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new MagFlockError(
        'MF667',
        `${file} is a key of type ${key.asymmetricKeyType}; ed25519 is needed.`,
        {
          fix: 'magflock ext keygen makes one',
        },
      );
    }
    return key;
  },
} as const;
