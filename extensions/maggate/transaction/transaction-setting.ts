/** A setting of a transaction, as the host takes it. */
export type TransactionSetting = readonly [name: string, value: string];
