import type { TlsPair } from './certificate.js';
import { readTlsPair, tlsProblem, type TlsPaths } from './tls-files.js';

export interface TlsFollowerEvents {
  /** Another pair is in the files. */
  changed(pair: TlsPair): void;
  /** What is in them now is no pair; the one before stays in use. */
  refused(reason: string): void;
}

/**
 * Follows the files of a TLS pair. They are compared by what they hold: times of files say nothing about links that are
 * put in the place of others, and reading two small files costs nothing.
 */
export class TlsFollower {
  /** What the last look found and could not use. */
  #unusable: string | undefined;
  #told: string | undefined;

  constructor(
    private readonly paths: TlsPaths,
    private current: TlsPair,
    private readonly events: TlsFollowerEvents,
  ) {}

  /**
   * Looks at the files. Two files are never changed at once, so that a bad pair is told of only when it is still there
   * at the next look, and then once; when somebody asked for the look, at once.
   */
  look({ isAsked }: { readonly isAsked: boolean }): void {
    let pair: TlsPair;
    try {
      pair = readTlsPair(this.paths);
    } catch (cause) {
      this.#judge(tlsProblem(cause), isAsked);
      return;
    }
    this.#unusable = undefined;
    this.#told = undefined;
    if (pair.certPem === this.current.certPem && pair.keyPem === this.current.keyPem) return;
    this.current = pair;
    this.events.changed(pair);
  }

  #judge(reason: string, isAsked: boolean): void {
    const isOld = this.#unusable === reason;
    this.#unusable = reason;
    if (!isAsked && (!isOld || this.#told === reason)) return;
    this.#told = reason;
    this.events.refused(reason);
  }
}
