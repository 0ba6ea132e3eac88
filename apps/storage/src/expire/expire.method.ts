import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeExpire, permittedMode, type Circumstances, type ExpireRequest, type Primitives } from '#protocol';
import { Mailboxes, type ExpiryChange, type ExpiryOutcome } from '../mailbox/mailboxes.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';

/** From now, in whatever namespace. Later ones are cut to it without a word. */
const LONGEST_LIFE_MS = 30 * 86_400_000;

/** docs/protocol/storage-rpc.md §8.6 */
@Injectable()
export class ExpireMethod implements SwarmMethod<ExpireRequest> {
  readonly method = 'expire';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: ExpireRequest, at: Circumstances): void {
    authorizeExpire(this.primitives, request, at);
  }

  async carryOut(request: ExpireRequest, nowMs: number): Promise<NodeResult> {
    const { account, messages, mode } = request;
    const changes = changesOf(request, nowMs);
    const outcomes = await this.mailboxes.changeExpiries(account, changes, permittedMode(request), nowMs);
    const updated = outcomes.filter(({ changed }) => changed).sort(byHash);
    const unchanged = mode === 'set' ? [] : outcomes.filter(({ changed }) => !changed).sort(byHash);

    const hashes = updated.map(({ hash }) => hash);
    const isSingle = request.expiriesMs.length === 1;
    const expiry = isSingle ? (changes[0]?.expiryMs ?? 0) : updated.map(({ expiryMs }) => expiryMs);
    const left = unchanged.map(({ hash, expiryMs }) => [hash, expiryMs] as const);
    const signature = this.signer.signTexts(account, [expiry, messages, hashes, left].flat(2));
    return { expiry, updated: hashes, ...(mode !== 'set' && { unchanged: Object.fromEntries(left) }), signature };
  }
}

/** One expiry for all tells each message once; one each tells them in turn, however often. */
function changesOf({ messages, expiriesMs }: ExpireRequest, nowMs: number): ExpiryChange[] {
  const latestMs = nowMs + LONGEST_LIFE_MS;
  const [first = 0] = expiriesMs;
  if (expiriesMs.length === 1) {
    return [...new Set(messages)].map((hash) => ({ hash, expiryMs: Math.min(first, latestMs) }));
  }
  return messages.map((hash, index) => ({ hash, expiryMs: Math.min(expiriesMs[index] ?? first, latestMs) }));
}

const byHash = (one: ExpiryOutcome, other: ExpiryOutcome): number =>
  one.hash < other.hash ? -1 : one.hash > other.hash ? 1 : 0;
