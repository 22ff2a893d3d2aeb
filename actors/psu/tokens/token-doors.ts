import { settingDefaults } from '../../../runtime/project-settings/setting-defaults.ts';
import { tokenSettingDefinitions } from '../../../runtime/project-settings/token-setting-definitions.ts';
import type { TokenSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { ProjectTokens } from '../key-record.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Where tokens of a project are looked at; no longer live when its settings changed. */
export interface TokenDoor {
  readonly verifier: TokenVerifier;
  readonly live: boolean;
}

const defaults = settingDefaults<TokenSettings>(tokenSettingDefinitions);

/** The doors of all projects in one CPU thread. */
export class TokenDoors {
  readonly #issuer: (project: string) => string;
  readonly #now: () => number;
  readonly #doors = new Map<string, { readonly verifier: TokenVerifier; live: boolean }>();
  /** For projects without settings of their own. It has no key, so it may be one for all. */
  readonly #plain: TokenVerifier;

  constructor(issuer: (project: string) => string, now: () => number) {
    this.#issuer = issuer;
    this.#now = now;
    this.#plain = new TokenVerifier({ project: '', settings: defaults, issuer, now });
  }

  replace(all: readonly ProjectTokens[]): void {
    for (const door of this.#doors.values()) door.live = false;
    this.#doors.clear();
    for (const { project, settings } of all) this.#doors.set(project, this.#open(project, settings));
  }

  /** Null: the project has the defaults again. */
  change({ project, settings }: { readonly project: string; readonly settings: TokenSettings | null }): void {
    const before = this.#doors.get(project);
    if (before !== undefined) before.live = false;
    if (settings === null) this.#doors.delete(project);
    else this.#doors.set(project, this.#open(project, settings));
  }

  of(project: string): TokenDoor {
    const doors = this.#doors;
    return (
      doors.get(project) ?? {
        verifier: this.#plain,
        get live() {
          return !doors.has(project);
        },
      }
    );
  }

  #open(project: string, settings: TokenSettings): { readonly verifier: TokenVerifier; live: boolean } {
    const needs = { project, issuer: this.#issuer, now: this.#now };
    try {
      return { verifier: new TokenVerifier({ ...needs, settings }), live: true };
    } catch {
      // The owner checks settings before it stores them; what does not fit all the same opens to nobody.
      return {
        verifier: new TokenVerifier({ ...needs, settings: { ...defaults, dbAnonRole: null } }),
        live: true,
      };
    }
  }
}
