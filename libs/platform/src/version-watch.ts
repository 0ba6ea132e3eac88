import { Counter, type Registry } from 'prom-client';
import type { OtherVersion } from '#protocol';
import type { Log } from './log/log.js';

const RELATIONS = ['older', 'newer'] as const;
const OUTCOMES = ['used', 'refused'] as const;

/**
 * Versions that get a line in the log. There are two or three at the same time; with more somebody is playing, and what
 * comes then is only counted.
 */
const MAX_NAMED = 16;

/** What the versions of one contract are called. */
export interface WatchedVersions {
  readonly metric: string;
  readonly help: string;
  readonly event: string;
  /** What an operator is told, once for each version. */
  readonly reasons: Readonly<Record<OtherVersion['relation'], Record<OtherVersion['outcome'], string>>>;
}

/** Versions of one contract that are not our own: each message of one is counted, each version named once in the log. */
export class VersionWatch {
  readonly #messages: Counter<'relation' | 'outcome'>;
  readonly #named = new Set<number | null>();

  constructor(
    private readonly log: Log,
    registry: Registry,
    private readonly watched: WatchedVersions,
  ) {
    this.#messages = new Counter({
      name: watched.metric,
      help: watched.help,
      labelNames: ['relation', 'outcome'],
      registers: [registry],
    });
    // a first scrape lacks no series
    for (const relation of RELATIONS) for (const outcome of OUTCOMES) this.#messages.inc({ relation, outcome }, 0);
  }

  /** Never who spoke it, and no text of theirs. */
  readonly met = ({ version, relation, outcome }: OtherVersion): void => {
    this.#messages.inc({ relation, outcome });
    if (this.#named.has(version) || this.#named.size >= MAX_NAMED) return;
    this.#named.add(version);
    const fields = {
      version: version === null ? 'unknown' : String(version),
      reason: this.watched.reasons[relation][outcome],
    };
    if (outcome === 'used') this.log.info(this.watched.event, fields);
    else this.log.warn(this.watched.event, fields);
  };
}
