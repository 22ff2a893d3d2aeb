import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';

/** Far above what the training writes; nobody fills the memory of a worker. */
const largestBytes = 16 * 1024 * 1024;

/**
 * The bytes of one model of a version.
 * @throws MagFlockError MF314 when it is missing, too large, or not what its card says
 */
export async function readModelFile(version: ModelVersion, kind: PatrolModel): Promise<Uint8Array> {
  const path = join(version.folder, `${kind}.onnx`);
  const details = { version: version.version, file: path };
  let bytes: Uint8Array;
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > largestBytes) throw new Error(`it has ${size} bytes, more than ${largestBytes}`);
    bytes = await file.readFile();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${code ?? message}`;
    throw new MagFlockError('MF314', `${path} ${why}`, { cause, details });
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== version.sha256[kind]) {
    const said = version.sha256[kind];
    throw new MagFlockError('MF314', `${path} has SHA-256 ${found}, its card says ${said}`, { details });
  }
  return bytes;
}
