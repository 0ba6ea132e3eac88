/** Something outside that a service needs is not there. The message is one sentence with a remedy. */
export class ServiceUnreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServiceUnreachable';
  }
}
