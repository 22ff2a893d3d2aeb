/** One message that changed the state of an actor, as it is kept. */
export interface JournalEntry {
  /** Place in the journal, counted from 1 without gaps. */
  readonly seq: number;
  /** Id its sender gave the message, or null: only those can come again. */
  readonly id: string | null;
  readonly method: string;
  /** Encoded payload. */
  readonly payload: Uint8Array;
  /** Encoded answer, of messages with an id: whoever sends it again gets this one. */
  readonly reply: Uint8Array | null;
}

export interface JournalSnapshot {
  /** The state after this entry; 0 before the first. */
  readonly seq: number;
  readonly state: Uint8Array;
}

/** A replay that did not come to its end. */
export interface UnfinishedReplay {
  /** Times the journal was opened since a replay last came to its end. */
  readonly opened: number;
  /** The entry that was about to run, or null when that was not noted. */
  readonly seq: number | null;
  /** How often that entry had ended its incarnation before. */
  readonly crashes: number;
}

/** A journal as its new owner finds it. */
export interface OpenJournal {
  /** Whoever opened the journal last may append; all calls of an earlier epoch are refused. */
  readonly epoch: number;
  /** The last entry, or 0. */
  readonly lastSeq: number;
  readonly snapshot: JournalSnapshot | null;
  readonly unfinished: UnfinishedReplay;
}

/** Names a journal and the life of its owner. */
export interface JournalOwner {
  readonly journal: string;
  readonly epoch: number;
}

/**
 * Durable journals of actors. Life of a journal:
 *
 * 1. `open` makes it on first use and shuts out its former owner.
 * 2. `read` hands out what came after the snapshot; `note` says which entry is about to run, when an earlier
 *    replay died; `skip` marks one that is never run again; `replayed` ends it.
 * 3. `append` adds entries; when it resolves they survive a crash of everything.
 * 4. `snapshot` replaces the entries up to its place.
 *
 * All throw MF503 when the database is away, MF506 when its disk is full, MF631 when another incarnation has
 * opened the journal since.
 */
export interface JournalStore {
  open(request: { readonly journal: string }): Promise<OpenJournal>;
  /** Entries after `after` in order, at most `limit` of them, fewer when they are large. */
  read(request: {
    readonly journal: string;
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly (JournalEntry & { readonly skipped: boolean })[]>;
  /** All or none; `entries[0].seq` is the one after the last. Appending the same entries again changes nothing. */
  append(request: JournalOwner & { readonly entries: readonly JournalEntry[] }): Promise<void>;
  note(request: JournalOwner & { readonly seq: number; readonly crashes: number }): Promise<void>;
  skip(request: JournalOwner & { readonly seq: number }): Promise<void>;
  replayed(request: JournalOwner): Promise<void>;
  snapshot(request: JournalOwner & JournalSnapshot): Promise<void>;
  /** Removes the journal with all it holds. */
  remove(request: { readonly journal: string }): Promise<void>;
}
