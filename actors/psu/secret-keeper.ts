import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { didYouMean } from '../../runtime/errors/did-you-mean.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { SecretInfo } from '../../runtime/protocol/psu.protocol.ts';
import type { QueryRows, StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import type { SecretBox } from './secret-box.ts';

const namePattern = /^[A-Za-z0-9_.-]{1,100}$/;
const longestBytes = 65_536;
const mostOfAProject = 1000;

/** Secrets of projects, in the control database and sealed. No value is in an error, and none is kept in memory. */
export class SecretKeeper {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;
  readonly #box: SecretBox;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>, box: SecretBox) {
    this.#storage = storage;
    this.#box = box;
  }

  /** @throws MF671 for a name or value that is not allowed, MF508 for an unknown project */
  async set(project: string, name: string, value: string): Promise<SecretInfo> {
    checkName(name);
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > longestBytes) {
      throw refused('A secret has 1 to 65,536 bytes of text.');
    }
    await this.#storage.ask('project', { ref: project });
    const { nonce, sealed } = this.#box.seal(project, name, value);
    const { rows } = await this.#query(
      `insert into cp_core.secrets (project, name, nonce, sealed)
       select $1, $2, decode($3, 'hex'), decode($4, 'hex')
       where (select count(*) from cp_core.secrets where project = $1 and name <> $2) < ${mostOfAProject}
       on conflict (project, name) do update
         set nonce = excluded.nonce, sealed = excluded.sealed, updated_at = clock_timestamp()
       returning updated_at`,
      [project, name, nonce.toString('hex'), sealed.toString('hex')],
    );
    const [row] = rows;
    if (row === undefined) throw refused(`A project has at most ${mostOfAProject} secrets.`);
    return { project, name, updatedAt: timeOf(row) };
  }

  async list(project: string): Promise<readonly SecretInfo[]> {
    const { rows } = await this.#query(
      `select name, updated_at from cp_core.secrets where project = $1 order by name`,
      [project],
    );
    return rows.map((row) => ({ project, name: String(row['name']), updatedAt: timeOf(row) }));
  }

  /** @throws MF671 when there is none */
  async remove(project: string, name: string): Promise<{ readonly name: string }> {
    checkName(name);
    const { count } = await this.#query(`delete from cp_core.secrets where project = $1 and name = $2`, [
      project,
      name,
    ]);
    if (count === 0) throw await this.#unknown(project, name);
    return { name };
  }

  /** @throws MF671 when there is none, or it cannot be opened */
  async read(project: string, name: string): Promise<{ readonly value: string }> {
    checkName(name);
    const { rows } = await this.#query(
      `select encode(nonce, 'hex') as nonce, encode(sealed, 'hex') as sealed
       from cp_core.secrets where project = $1 and name = $2`,
      [project, name],
    );
    const [row] = rows;
    if (row === undefined) throw await this.#unknown(project, name);
    try {
      const sealed = Buffer.from(String(row['sealed']), 'hex');
      return {
        value: this.#box.open(project, name, { nonce: Buffer.from(String(row['nonce']), 'hex'), sealed }),
      };
    } catch {
      throw new MagFlockError('MF671', `The secret ${name} of project ${project} cannot be opened.`, {
        fix: 'It was sealed with another master key, or altered in the database. Set it again.',
      });
    }
  }

  async #unknown(project: string, name: string): Promise<MagFlockError> {
    const near = didYouMean(
      name,
      (await this.list(project)).map((secret) => secret.name),
    );
    return new MagFlockError('MF671', `Project ${project} has no secret ${name}.`, {
      fix: near === undefined ? `magflock secret set ${name} stores it.` : `Did you mean "${near}"?`,
    });
  }

  #query(text: string, values: readonly unknown[]): Promise<QueryRows> {
    return this.#storage.ask('query', { database: 'control', text, values });
  }
}

function checkName(name: string): void {
  if (typeof name === 'string' && namePattern.test(name)) return;
  throw refused('The name of a secret has 1 to 100 letters, digits, dots, dashes or underscores.');
}

function refused(message: string): MagFlockError {
  return new MagFlockError('MF671', message);
}

function timeOf(row: Readonly<Record<string, unknown>>): string {
  return new Date(row['updated_at'] as string | Date).toISOString();
}
