process.on('message', ({ id, facts }: { id: number; facts: unknown }) =>
  process.send?.({ id, answer: facts }),
);
