import { expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { bdecode, bencode, type Bencodable } from '#protocol';
import { TlsPeerTransport, type PeerReply } from '#transport';
import { DAY_MS } from '../calls.js';
import type { ConformanceNetwork } from '../conformance-network.js';
import { hashOf, isSigned } from '../oracle.js';
import { Owner } from '../people.js';

/** A forwarded request has this long in the reference. */
const ANSWER_DEADLINE_MS = 5_000;

type Dict = ReadonlyMap<string, unknown>;

/** What one member asks of another, spoken with a member's key on the peer port. */
export function peerCases(network: () => ConformanceNetwork): void {
  async function forward(method: string, params: Readonly<Record<string, Bencodable>>): Promise<PeerReply> {
    const peers = new TlsPeerTransport(network().memberSeed, new SystemClock());
    const { ed25519, info } = network().entry;
    try {
      const address = { ed25519, ip: info.ip, peerPort: info.peer_port };
      return await peers.command(address, method, bencode(params), ANSWER_DEADLINE_MS);
    } finally {
      await peers.close();
    }
  }
  const pubkeyOf = (owner: Owner): Buffer => Buffer.from(owner.account, 'hex');

  it('24 peer: a method that is not passed on is refused', async () => {
    const { status, body } = await forward('retrieve', { pubkey: pubkeyOf(Owner.plain()) });
    expect([status, Buffer.from(body).toString()]).toEqual([
      400,
      'invalid request: received invalid forwarded non-forwardable request',
    ]);
  });

  it('100 peer: a store that was passed on gives the result of this member alone', async () => {
    const owner = Owner.plain();
    const now = Date.now();
    const expiry = now + DAY_MS;
    const params = { pubkey: pubkeyOf(owner), timestamp: now, expiry, data: Buffer.from('passed on') };
    const hash = hashOf(owner.account, 0, 'passed on');
    for (const isAgain of [false, true]) {
      const { status, body } = await forward('store', params);
      expect(status).toBe(200);
      const dict = bdecode(body) as Dict;
      expect([...dict.keys()]).toEqual([...(isAgain ? ['already'] : []), 'expiry', 'hash', 'signature']);
      expect([dict.get('expiry'), Buffer.from(dict.get('hash') as Uint8Array).toString()]).toEqual([expiry, hash]);
      expect(dict.get('already')).toBe(isAgain ? 1 : undefined);
      const signature = dict.get('signature') as Uint8Array;
      expect(signature).toHaveLength(64);
      expect(isSigned(network().entry.ed25519, signature, hash)).toBe(true);
    }
  });

  it('162 peer: a delete_all of 65 seconds ago is taken when it was passed on', async () => {
    const owner = Owner.plain();
    const send = (shiftMs: number): Promise<PeerReply> => {
      const timestamp = Date.now() + shiftMs;
      const signature = owner.signature(`delete_all${timestamp}`);
      return forward('delete_all', { pubkey: pubkeyOf(owner), namespace: 0, signature, timestamp });
    };
    expect((await send(-65_000)).status).toBe(200);
    const late = await send(-75_000);
    expect([late.status, Buffer.from(late.body).toString()]).toEqual([
      406,
      'delete_all timestamp too far from current time',
    ]);
  });
}
