import { describe, expect, it } from '@jest/globals';
import { CommandBatcher } from './command-batch.js';
import { PeerProtocolError, PeerTimeout, PeerUnreachable, type PeerReply } from './peer-transport.js';
import { decodeCommands, encodeReplies } from './wire.js';

const TIMEOUT_MS = 5_000;

/** A request that has been posted, and what becomes of it. */
interface Posted {
  readonly methods: readonly string[];
  answer(): void;
  answerWith(replies: readonly PeerReply[]): void;
  fail(cause: Error): void;
}

/** A peer whose requests are answered by hand. */
class HandPeer {
  readonly #posted: Posted[] = [];
  readonly #waiting: ((posted: Posted) => void)[] = [];
  readonly batcher: CommandBatcher;

  /** `companyMs`: how long commands wait while a request is under way. */
  constructor(companyMs?: number) {
    this.batcher = new CommandBatcher((body) => this.#post(body), companyMs);
  }

  /** The next request, once it is there. */
  next(): Promise<Posted> {
    const posted = this.#posted.shift();
    return posted === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(posted);
  }

  #post(body: readonly Uint8Array[]): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const methods = decodeCommands(Buffer.concat(body)).map(({ method }) => method);
      const answerWith = (replies: readonly PeerReply[]): void => resolve(encodeReplies(replies));
      const answer = (): void => answerWith(methods.map((method) => ({ status: 200, body: Buffer.from(method) })));
      const posted = { methods, answer, answerWith, fail: reject };
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#posted.push(posted);
      else waiting(posted);
    });
  }

  send(...methods: readonly string[]): Promise<string[]> {
    const replies = methods.map((method) => this.sendOne(method));
    return Promise.all(replies.map(async (reply) => Buffer.from((await reply).body).toString()));
  }

  sendOne(method: string, timeoutMs = TIMEOUT_MS, params = Buffer.from('de')): Promise<PeerReply> {
    return this.batcher.send({ method, params, budgetMs: timeoutMs }, timeoutMs);
  }
}

describe('commands for one peer', () => {
  it('of one turn travel in one request, and each gets its own answer', async () => {
    const peer = new HandPeer();
    const replies = peer.send('a', 'b', 'c');
    const request = await peer.next();
    expect(request.methods).toEqual(['a', 'b', 'c']);
    request.answer();
    expect(await replies).toEqual(['a', 'b', 'c']);
  });

  it('gather while a request is under way, and leave with its answer', async () => {
    const peer = new HandPeer(TIMEOUT_MS);
    const first = peer.send('a');
    const request = await peer.next();
    const later = [peer.send('b'), new Promise(setImmediate).then(() => peer.send('c'))];
    await new Promise(setImmediate);
    request.answer();
    const second = await peer.next();
    expect(second.methods).toEqual(['b', 'c']);
    second.answer();
    expect(await Promise.all([first, ...later])).toEqual([['a'], ['b'], ['c']]);
  });

  it('do not wait for the answer of a peer that gives none', async () => {
    const peer = new HandPeer();
    const silent = peer.sendOne('silent', 50);
    await peer.next();
    const replies = peer.send('b');
    const second = await peer.next();
    expect(second.methods).toEqual(['b']);
    second.answer();
    expect(await replies).toEqual(['b']);
    await expect(silent).rejects.toBeInstanceOf(PeerTimeout);
  });

  it('leave at once when there are many, or when they weigh much', async () => {
    const peer = new HandPeer();
    const first = peer.send('a');
    const request = await peer.next();
    const many = peer.send(...Array.from({ length: 65 }, (_unused, index) => String(index)));
    const full = await peer.next();
    expect(full.methods).toHaveLength(64);
    const heavy = peer.sendOne('heavy', TIMEOUT_MS, Buffer.alloc(4 * 1024 * 1024));
    const weighty = await peer.next();
    expect(weighty.methods).toEqual(['64', 'heavy']);
    for (const posted of [request, full, weighty]) posted.answer();
    expect((await first).concat(await many)).toHaveLength(66);
    expect((await heavy).status).toBe(200);
  });

  it('fail with their request, and no others do', async () => {
    const peer = new HandPeer(TIMEOUT_MS);
    const failing = peer.send('a');
    const request = await peer.next();
    const others = peer.send('b');
    request.fail(new PeerUnreachable('gone'));
    await expect(failing).rejects.toBeInstanceOf(PeerUnreachable);
    const second = await peer.next();
    second.answer();
    expect(await others).toEqual(['b']);
  });

  it('fail when the answers are not as many as they', async () => {
    const peer = new HandPeer();
    const replies = peer.send('a', 'b');
    (await peer.next()).answerWith([{ status: 200, body: Buffer.from('a') }]);
    await expect(replies).rejects.toBeInstanceOf(PeerProtocolError);
  });
});
