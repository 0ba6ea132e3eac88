/** Statuses that travel from node to node as they are. docs/protocol/onion.md §4.2 */
const KNOWN = new Set([200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 502, 503, 504]);

/** What a node makes of the status that the next node answered. */
export function hopStatus(status: number): number {
  return KNOWN.has(status) ? status : 500;
}
