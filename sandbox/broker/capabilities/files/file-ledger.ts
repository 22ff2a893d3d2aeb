import type { FolderLevel } from './measure-folder.ts';

/** What an extension keeps, over all its projects. */
export interface Holdings {
  readonly level: FolderLevel;
  /** One change at a time, or two would count the same room. */
  last: Promise<unknown>;
}

/**
 * What each extension keeps, as one number for all that serve it: during a hot swap the old and the new version write
 * into the same folder, and neither may count only its own.
 */
export class FileLedger {
  readonly #entries = new Map<string, { readonly users: Set<object>; readonly held: Promise<Holdings> }>();

  /**
   * @param user who asks, until `release`
   * @param measure counts what is there; asked when nobody has counted it yet
   */
  holdings(extension: string, user: object, measure: () => Promise<FolderLevel>): Promise<Holdings> {
    const there = this.#entries.get(extension);
    if (there !== undefined) {
      there.users.add(user);
      return there.held;
    }
    const held = measure().then((level): Holdings => ({ level, last: Promise.resolve() }));
    this.#entries.set(extension, { users: new Set([user]), held });
    held.catch(() => this.#entries.delete(extension));
    return held;
  }

  /** Waits for changes under way; what nobody uses any more is counted anew by the next. */
  async release(extension: string, user: object): Promise<void> {
    const there = this.#entries.get(extension);
    if (there?.users.has(user) !== true) return;
    const held = await there.held.catch(() => undefined);
    await held?.last;
    there.users.delete(user);
    if (there.users.size === 0 && this.#entries.get(extension) === there) this.#entries.delete(extension);
  }
}
