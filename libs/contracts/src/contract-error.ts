/** A message on the bus that this version cannot read: a fault of this node or a version skew, never a client's. */
export class ContractError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContractError';
  }
}
