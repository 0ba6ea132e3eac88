import { Inject, Injectable } from '@nestjs/common';
import type { Bencodable } from '#protocol';
import { FetchMethod } from './fetch.method.js';

/** What members ask of each other for themselves, not for a client. `from` is proved by the certificate. */
export interface MemberMethod {
  readonly method: string;
  /** Throws ProtocolError. */
  answer(from: string, params: Uint8Array): Promise<Bencodable>;
}

/** A table of methods beside those that are passed on for clients. docs/protocol/peer.md §7 */
@Injectable()
export class MemberMethods {
  readonly #methods: ReadonlyMap<string, MemberMethod>;

  constructor(@Inject(FetchMethod) fetch: FetchMethod) {
    this.#methods = new Map([fetch].map((method) => [method.method, method]));
  }

  /** Undefined for a method that is none of these. Throws ProtocolError. */
  async run(method: string, from: string, params: Uint8Array): Promise<Bencodable | undefined> {
    return this.#methods.get(method)?.answer(from, params);
  }
}
