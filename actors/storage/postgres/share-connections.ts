/** Of `storage.maxConnections`, what the owner keeps: control database, sealers, LISTEN, `magflock sql`. */
const ownersShare = 0.25;

/** Connections of the owner's pools. */
export function ownerConnections(maxConnections: number): number {
  return Math.ceil(maxConnections * ownersShare);
}

/** Connections the lanes of one CPU thread may hold. */
export function laneConnections(maxConnections: number, threads: number): number {
  return Math.max(2, Math.floor((maxConnections - ownerConnections(maxConnections)) / threads));
}
