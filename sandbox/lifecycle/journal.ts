import { type JsonFile, openJsonFile } from './json-file.ts';
import type { Operation } from './operation.ts';

/** What is under way, on the disk before it is done. At most one operation per extension. */
export interface Journal {
  readonly operations: readonly Operation[];
  begin(operation: Operation): Promise<void>;
  note(id: string, facts: Partial<Pick<Operation, 'step' | 'touched'>>): Promise<void>;
  of(id: string): Operation | undefined;
  end(id: string): Promise<void>;
}

/** Opens the journal. Throws MF705 when it is damaged. */
export async function openJournal(path: string): Promise<Journal> {
  const file: JsonFile<readonly Operation[]> = await openJsonFile<readonly Operation[]>(path, [], isJournal);
  return {
    get operations() {
      return file.value;
    },
    of: (id) => file.value.find((operation) => operation.id === id),
    async begin(operation) {
      await file.change((all) => [...all.filter(({ id }) => id !== operation.id), operation]);
    },
    async note(id, facts) {
      await file.change((all) => all.map((one) => (one.id === id ? { ...one, ...facts } : one)));
    },
    async end(id) {
      await file.change((all) =>
        all.some((one) => one.id === id) ? all.filter((one) => one.id !== id) : all,
      );
    },
  };
}

function isJournal(value: unknown): value is readonly Operation[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one?.id === 'string' && typeof one.kind === 'string' && 'touched' in one)
  );
}
