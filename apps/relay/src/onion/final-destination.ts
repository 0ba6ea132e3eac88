import { Inject, Injectable } from '@nestjs/common';
import { encodeNodeAnswer, onionTexts, type FinalAction, type LayerKey } from '#protocol';
import { Standing } from '../readiness/standing.js';
import { StorageRpc, StorageUnavailable } from '../rpc/storage-rpc.js';
import type { HopAnswer } from './hop-answer.js';
import { LayerBox } from './layer-box.js';

/** docs/protocol/onion.md §4.1: said inside the sealed reply, so that it names no node and only the client reads it. */
const NOT_READY = { status: 503, body: onionTexts.nodeNotReady } as const;

/** The end of a path: the request goes to storage, its answer back to the client under the layer's own key. */
@Injectable()
export class FinalDestination {
  constructor(
    @Inject(LayerBox) private readonly box: LayerBox,
    @Inject(Standing) private readonly standing: Standing,
    @Inject(StorageRpc) private readonly storage: StorageRpc,
  ) {}

  async answer(action: FinalAction, layer: LayerKey, budgetMs: number): Promise<HopAnswer> {
    const { body, base64, json } = action;
    if (this.standing.problem !== null) return this.box.sealWords(layer, NOT_READY, 'not_ready', base64);
    try {
      const answer = await this.storage.client(body, budgetMs);
      return this.box.seal(layer, encodeNodeAnswer(answer, json), base64, 'final');
    } catch (cause) {
      if (!(cause instanceof StorageUnavailable)) throw cause;
      // To the client it is the same: this member cannot serve just now, others of the swarm can.
      return this.box.sealWords(layer, NOT_READY, 'storage_unavailable', base64);
    }
  }
}
