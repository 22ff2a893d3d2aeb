const prefix = 'outbox:';

/** Names under which threads hear that the outbox has new events; no event of the catalogue has a colon. */
export const outboxEvent = {
  of: (name: string): string => prefix + name,
  /** The event that is meant, or undefined when it is an event itself. */
  kept: (name: string): string | undefined =>
    name.startsWith(prefix) ? name.slice(prefix.length) : undefined,
};
