/** One POST, as the client needs it. */
export interface HttpPostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** Longer answers are given up. */
  readonly maxBytes: number;
  /**
   * Whose certificates count. `any`: none is looked at, as for nodes, whose answers are encrypted to the request.
   * `public`: the ordinary rules. Otherwise the one with this SHA-256 fingerprint, 64 hex digits.
   */
  readonly trust: 'any' | 'public' | { readonly sha256: string };
}

export interface HttpPostReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Throws for whatever keeps an answer from arriving; any status is an answer. */
export type HttpPost = (request: HttpPostRequest) => Promise<HttpPostReply>;

/** The two headers that Session Desktop sends to seeds and guards: docs/protocol/onion.md §8.1. */
export const CLIENT_HEADERS: Readonly<Record<string, string>> = {
  'User-Agent': 'WhatsApp',
  'Accept-Language': 'en-us',
};

/** The certificate was not the one expected. */
export class UntrustedCertificate extends Error {}
