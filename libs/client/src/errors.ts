/** Whatever a client can run into and a person can act on. The message is one sentence, fit to be shown. */
export abstract class ClientError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}
