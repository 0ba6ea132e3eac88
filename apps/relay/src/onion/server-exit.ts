import { Inject, Injectable } from '@nestjs/common';
import { onionTexts, type LayerKey, type RelayServerAction } from '#protocol';
import { HTTP_TEXTS } from '../listener/http-texts.js';
import { OutsideServers } from '../outside/outside-servers.js';
import { clear, type HopAnswer } from './hop-answer.js';
import { LayerBox } from './layer-box.js';

/** The end of a path to an outside server. docs/protocol/onion.md §4.3 */
@Injectable()
export class ServerExit {
  constructor(
    @Inject(LayerBox) private readonly box: LayerBox,
    @Inject(OutsideServers) private readonly servers: OutsideServers,
  ) {}

  /** The server's answer is sealed by the server, so it goes back as it is; only our own refusal is sealed by us. */
  async answer(action: RelayServerAction, layer: LayerKey, budgetMs: number): Promise<HopAnswer> {
    const result = await this.servers.post(action, budgetMs);
    switch (result.kind) {
      case 'answered':
        return {
          status: result.status,
          body: result.body,
          contentType: result.contentType,
          outcome: 'relay_server',
        };
      case 'refused':
        return this.box.sealWords(layer, { status: 400, body: onionTexts.invalidUrl }, 'invalid_url');
      case 'busy':
        return clear(503, HTTP_TEXTS.busy, 'busy');
      case 'timeout':
        return clear(504, result.text, 'server_timeout');
      case 'failed':
        return clear(502, result.text, 'server_failed');
    }
  }
}
