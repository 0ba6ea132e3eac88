import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '#platform';
import { namespaceKind } from '#protocol';
import type { StorageConfig } from '../storage.config.js';
import { MemoryWatch } from './memory-watch.js';
import { OwnerShares, type OwnerShare } from './owner-shares.js';

/** Small enough that thousands of accounts fit where one flooded, large enough for days of an ordinary inbox. */
const SMALL_SHARE = { maxMessages: 256, maxBytes: 262_144 } as const;

/**
 * The settings, and less for inboxes while Redis is nearly full: anybody may deposit there, so that is where a flood
 * arrives. What needs a signature, and accounts with little, go on. docs/protocol/storage-rpc.md §5.3
 */
@Injectable()
export class ConfiguredShares extends OwnerShares {
  readonly #whole: OwnerShare;
  readonly #small: OwnerShare;

  constructor(
    @Inject(CONFIG) config: StorageConfig,
    @Inject(MemoryWatch) private readonly memory: MemoryWatch,
  ) {
    super();
    const { STORAGE_OWNER_MAX_MESSAGES: maxMessages, STORAGE_OWNER_MAX_BYTES: maxBytes } = config;
    this.#whole = { maxMessages, maxBytes, reason: 'owner' };
    this.#small = {
      maxMessages: Math.min(maxMessages, SMALL_SHARE.maxMessages),
      maxBytes: Math.min(maxBytes, SMALL_SHARE.maxBytes),
      reason: 'inboxes',
    };
  }

  for(namespace: number): OwnerShare {
    return this.memory.isNearlyFull && namespaceKind(namespace).inbox ? this.#small : this.#whole;
  }
}
