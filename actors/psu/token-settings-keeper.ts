import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { checkSettingChanges } from '../../runtime/project-settings/check-setting-changes.ts';
import { settingDefaults } from '../../runtime/project-settings/setting-defaults.ts';
import { tokenSettingDefinitions } from '../../runtime/project-settings/token-setting-definitions.ts';
import type { TokenSettings } from '../../runtime/protocol/data-api-settings.ts';
import type {
  ShownTokenSettings,
  SignedToken,
  SignTokenRequest,
} from '../../runtime/protocol/psu.protocol.ts';
import type { QueryRows, StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import type { KeyDelta, ProjectTokens } from './key-record.ts';
import type { SecretBox } from './secret-box.ts';
import { readJwtSecret } from './tokens/read-jwt-secret.ts';
import { rolePath } from './tokens/role-path.ts';
import { signToken } from './tokens/sign-token.ts';

/** What the secret is sealed as. Names of other secrets have no space. */
const sealedAs = 'jwt secret';
const columns = `project, settings::text as settings, encode(nonce, 'hex') as nonce, encode(sealed, 'hex') as sealed`;
const defaults = settingDefaults<TokenSettings>(tokenSettingDefinitions);

export interface TokenSettingsKeeperNeeds {
  readonly storage: Pick<ActorRef<StorageProtocol>, 'ask'>;
  readonly box: SecretBox;
  /** Resolves when every CPU thread has applied the change. */
  readonly publish: (delta: KeyDelta) => Promise<void>;
  /** Settings of a project that cannot be used: its tokens are refused until they are set again. */
  readonly unusable: (project: string, problem: Error) => void;
}

/** How the tokens of each project are verified. Durable first, then the CPU threads, then the answer. */
export class TokenSettingsKeeper {
  readonly #needs: TokenSettingsKeeperNeeds;
  /** Of projects that differ from the defaults. */
  readonly #known = new Map<string, TokenSettings>();
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(needs: TokenSettingsKeeperNeeds) {
    this.#needs = needs;
  }

  /** At start, before anything is answered. */
  async load(): Promise<void> {
    const { rows } = await this.#query(`select ${columns} from cp_core.token_settings`, []);
    for (const row of rows) this.#known.set(String(row['project']), this.#read(row));
  }

  snapshot(): readonly ProjectTokens[] {
    return [...this.#known].map(([project, settings]) => ({ project, settings }));
  }

  /** @throws MF508 for an unknown project */
  async show(project: string): Promise<ShownTokenSettings> {
    await this.#needs.storage.ask('project', { ref: project });
    return shown(this.#known.get(project) ?? defaults);
  }

  /** @throws MF520 naming the setting, MF508, MF209 when not every CPU thread has confirmed */
  change(project: string, changes: Readonly<Record<string, unknown>>): Promise<ShownTokenSettings> {
    return this.#inTurn(async () => {
      const { set, unset } = checkSettingChanges(tokenSettingDefinitions, changes);
      await this.#needs.storage.ask('project', { ref: project });
      const back = Object.fromEntries(unset.map((name) => [name, defaults[name as keyof TokenSettings]]));
      const settings: TokenSettings = { ...(this.#known.get(project) ?? defaults), ...back, ...set };
      checkTogether(settings);
      await this.#store(project, settings);
      this.#known.set(project, settings);
      await this.#push({ project, settings });
      return shown(settings);
    });
  }

  /** @throws MF508 for an unknown project, MF215, MF216 */
  async sign(request: SignTokenRequest): Promise<SignedToken> {
    await this.#needs.storage.ask('project', { ref: request.project });
    return signToken(request, this.#known.get(request.project) ?? defaults, Math.floor(Date.now() / 1000));
  }

  /** A project was made or removed; what the database has counts. */
  reload(project: string): Promise<void> {
    return this.#inTurn(async () => {
      const { rows } = await this.#query(`select ${columns} from cp_core.token_settings where project = $1`, [
        project,
      ]);
      const settings = rows[0] === undefined ? null : this.#read(rows[0]);
      if (settings === null && !this.#known.delete(project)) return;
      if (settings !== null) this.#known.set(project, settings);
      await this.#push({ project, settings });
    });
  }

  async #store(project: string, settings: TokenSettings): Promise<void> {
    const { jwtSecret, ...others } = settings;
    const kept = Object.entries(others).filter(
      ([name, value]) => value !== defaults[name as keyof TokenSettings],
    );
    const box = jwtSecret === null ? null : this.#needs.box.seal(project, sealedAs, jwtSecret);
    await this.#query(
      `insert into cp_core.token_settings (project, settings, nonce, sealed)
       values ($1, $2::jsonb, decode($3, 'hex'), decode($4, 'hex'))
       on conflict (project) do update set settings = excluded.settings, nonce = excluded.nonce,
         sealed = excluded.sealed, updated_at = clock_timestamp()`,
      [
        project,
        JSON.stringify(Object.fromEntries(kept)),
        box?.nonce.toString('hex') ?? null,
        box?.sealed.toString('hex') ?? null,
      ],
    );
  }

  #read(row: Readonly<Record<string, unknown>>): TokenSettings {
    const project = String(row['project']);
    try {
      const settings: TokenSettings = { ...defaults, ...JSON.parse(String(row['settings'])) };
      const { nonce, sealed } = row;
      if (nonce === null) return settings;
      const box = { nonce: Buffer.from(String(nonce), 'hex'), sealed: Buffer.from(String(sealed), 'hex') };
      return { ...settings, jwtSecret: this.#needs.box.open(project, sealedAs, box) };
    } catch (thrown) {
      this.#needs.unusable(project, thrown as Error);
      return { ...defaults, dbAnonRole: null };
    }
  }

  async #push(tokens: ProjectTokens | { readonly project: string; readonly settings: null }): Promise<void> {
    try {
      await this.#needs.publish({ upserted: [], removed: [], tokens });
    } catch (cause) {
      throw new MagFlockError('MF209', 'Not every CPU thread has confirmed the change of the settings.', {
        cause,
        fix: 'Threads that do not answer are restarted and read all settings again. Run the command once more.',
      });
    }
  }

  #query(text: string, values: readonly unknown[]): Promise<QueryRows> {
    return this.#needs.storage.ask('query', { database: 'control', text, values });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastChange.then(work);
    this.#lastChange = turn.catch(() => {});
    return turn;
  }
}

function shown(settings: TokenSettings): ShownTokenSettings {
  return { ...settings, jwtSecret: settings.jwtSecret === null ? null : '(set)' };
}

/** What one setting alone does not tell. No part of a secret gets into an error. */
function checkTogether({ jwtSecret, jwtSecretIsBase64, jwtRoleClaimKey }: TokenSettings): void {
  try {
    if (jwtSecret !== null) readJwtSecret(jwtSecret, jwtSecretIsBase64);
  } catch (thrown) {
    throw unfit('jwtSecret', (thrown as Error).message);
  }
  try {
    rolePath(jwtRoleClaimKey);
  } catch (thrown) {
    throw unfit('jwtRoleClaimKey', (thrown as Error).message);
  }
}

function unfit(name: 'jwtSecret' | 'jwtRoleClaimKey', problem: string): MagFlockError {
  const { allowed, example } = tokenSettingDefinitions[name];
  return new MagFlockError('MF520', `${name}: ${problem}.`, {
    details: { setting: name, allowed },
    fix: `It has to be ${allowed}: magflock project settings set '${name}=${example}'`,
  });
}
