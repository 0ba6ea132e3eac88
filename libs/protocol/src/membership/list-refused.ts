/** A network list that this node does not take. The message is one sentence for the operator. */
export class ListRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ListRefused';
  }
}
