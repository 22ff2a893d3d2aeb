import type { DatabaseErrorFacts } from '../protocol/gateway.protocol.ts';

/** PostgreSQL refused a statement of a plan. Stage 5 hands it to the gateway, which explains it to its user. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';
  readonly facts: DatabaseErrorFacts;

  constructor(facts: DatabaseErrorFacts) {
    super(facts.message);
    this.facts = facts;
  }
}
