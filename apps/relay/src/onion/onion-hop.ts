import { setImmediate } from 'node:timers/promises';
import {
  InvalidLayer,
  InvalidUrl,
  MAX_ONION_HOPS,
  onionTexts,
  parseLayer,
  type HopFrame,
  type LayerAction,
  type LayerKey,
  type OpenedLayer,
} from '#protocol';
import type { Clock } from '#platform';
import { passOn, type RelayLimits } from '../limits/budget.js';
import type { ReplayGuard } from '../replay/replay-guard.js';
import type { Standing } from '../readiness/standing.js';
import type { OnionSource, RelayMetrics } from '../relay.metrics.js';
import type { FinalDestination } from './final-destination.js';
import { clear, type HopAnswer } from './hop-answer.js';
import type { LayerBox } from './layer-box.js';
import type { NextHop } from './next-hop.js';
import type { ServerExit } from './server-exit.js';

const INVALID_CIPHERTEXT = clear(400, onionTexts.invalidCiphertext, 'invalid_ciphertext');
/** In the words of any other layer that is not taken: whoever repeats a layer learns nothing about the filter. */
const REPLAYED = clear(400, onionTexts.invalidCiphertext, 'replayed');
const PATH_TOO_LONG = clear(400, onionTexts.pathTooLong, 'path_too_long');

export interface OnionHopParts {
  readonly box: LayerBox;
  readonly replays: ReplayGuard;
  readonly standing: Standing;
  readonly final: FinalDestination;
  readonly nextHop: NextHop;
  readonly exit: ServerExit;
  readonly metrics: RelayMetrics;
  readonly clock: Clock;
  readonly limits: RelayLimits;
}

/** What this node does with one layer, whoever sent it. docs/protocol/onion.md §4 */
export class OnionHop {
  private readonly notReady: HopAnswer;

  constructor(private readonly parts: OnionHopParts) {
    this.notReady = clear(503, `${onionTexts.nodeNotReady}: ${parts.standing.id}`, 'not_ready');
  }

  /** `budgetMs`: when the sender stops waiting. A refusal is an answer too; what throws is a fault. */
  async handle(frame: HopFrame, source: OnionSource, budgetMs: number): Promise<HopAnswer> {
    const { clock, limits, metrics } = this.parts;
    const started = clock.monotonicMs();
    const answer = await this.answer(frame, started + Math.min(budgetMs, limits.hopMs));
    metrics.onion(source, answer.outcome, frame.encType, clock.monotonicMs() - started);
    return answer;
  }

  private answer(frame: HopFrame, deadline: number): HopAnswer | Promise<HopAnswer> {
    if (this.parts.standing.problem !== null) return this.notReady;
    const layer = this.parts.box.open(frame);
    if (layer === null) return INVALID_CIPHERTEXT;
    if (this.parts.replays.refuses(frame)) return REPLAYED;
    const action = this.decide(layer);
    return 'kind' in action ? this.act(action, layer, frame.hopNo + 1, deadline) : action;
  }

  /** The refusal is sealed for the client that made this layer, not for the end of the path. docs/protocol/onion.md §10.2 */
  private decide(layer: OpenedLayer): LayerAction | HopAnswer {
    try {
      return parseLayer(layer.plaintext);
    } catch (cause) {
      if (cause instanceof InvalidLayer) return this.parts.box.sealWords(layer, cause.reply, 'invalid_json');
      if (cause instanceof InvalidUrl) return this.parts.box.sealWords(layer, cause.reply, 'invalid_url');
      throw cause;
    }
  }

  private act(action: LayerAction, layer: LayerKey, hopNo: number, deadline: number): HopAnswer | Promise<HopAnswer> {
    const { standing, final, nextHop, exit, clock, limits } = this.parts;
    const budgetMs = passOn(deadline, clock.monotonicMs(), limits.marginMs);
    switch (action.kind) {
      case 'final':
        return final.answer(action, layer, budgetMs);
      case 'relay-server':
        return exit.answer(action, layer, budgetMs);
      case 'relay-node':
        if (action.destination !== standing.id) return nextHop.forward(action, hopNo, budgetMs);
        return this.continueHere({ ...action, data: action.ciphertext, hopNo }, deadline);
    }
  }

  /**
   * The next node is this one: no reason to dial ourselves, and the hop counter still ends a loop. Others get their turn
   * before each layer, as they would between two requests: fifteen of 10 MiB take an eighth of a second.
   */
  private async continueHere(frame: HopFrame, deadline: number): Promise<HopAnswer> {
    if (frame.hopNo > MAX_ONION_HOPS) return PATH_TOO_LONG;
    await setImmediate();
    return this.answer(frame, deadline);
  }
}
