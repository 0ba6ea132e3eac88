import { describe, expect, it } from '@jest/globals';
import { bencode } from '#protocol';
import type { PeerReply } from '#transport';
import { keeps, nodeKey, OWN_KEY, record, type Answerer } from '../../integration/storage/fake-swarm.js';
import { StorageInSwarm } from '../../integration/storage/storage-in-swarm.js';
import { store } from './calls.js';
import { hashOf, isSigned } from './oracle.js';
import { Owner } from './people.js';

const BAD_CLOCK = 'Timestamp error: check your clock';

type Swarm = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const full = (): PeerReply => ({ status: 200, body: bencode({ failed: true, query_failure: true }) });
const refuses = (): PeerReply => ({ status: 406, body: Buffer.from(BAD_CLOCK) });
const hangs = (): Promise<PeerReply> => new Promise(() => undefined);
/** A member of the list on whose port nobody listens. */
const dead = record(nodeKey(0x66));

/** What the other members do is up to the test: they stand behind real peer ports and speak for themselves. */
describe('a store where members fail', () => {
  const around = new StorageInSwarm();

  /** A store in a swarm of ourselves, members that answer so, and the dead one. */
  async function storeWith(
    ...answers: Answerer[]
  ): Promise<{ status: number; hash: string; swarm: Swarm; ids: string[] }> {
    const members = await around.join(answers, [dead]);
    const owner = Owner.plain();
    const { params } = store(owner, 'x');
    const { status, body } = await around.service.call('store', params);
    const hash = hashOf(owner.account, 0, 'x');
    const { swarm } = body as { swarm: Swarm };
    return { status, hash, swarm, ids: members.map(({ id }) => id) };
  }

  it('96 in process: a member whose database is full says so, and the others have the message', async () => {
    const { status, hash, swarm, ids } = await storeWith(full, keeps);
    expect(status).toBe(200);
    expect(swarm[ids[0] ?? '']).toEqual({ failed: true, query_failure: true });
    const own = swarm[OWN_KEY.id] ?? {};
    expect(own.hash).toBe(hash);
    expect(isSigned(OWN_KEY.id, String(own.signature), hash)).toBe(true);
  });

  it('97 in process: a member that cannot be reached or does not answer in time is named as such', async () => {
    const { status, swarm, ids } = await storeWith(hangs, keeps);
    expect(status).toBe(200);
    for (const id of [ids[0] ?? '', dead.ed25519]) expect(swarm[id]).toEqual({ failed: true, timeout: true });
  });

  it('98 in process: a member that refuses is quoted', async () => {
    const { status, swarm, ids } = await storeWith(refuses, keeps);
    expect(status).toBe(200);
    expect(swarm[ids[0] ?? '']).toEqual({ failed: true, code: '406', reason: BAD_CLOCK });
  });

  it('99 in process: when every member fails the status says so, with the same body (Q-10)', async () => {
    await around.service.redis.kill();
    const { status, swarm, ids } = await storeWith(full, refuses, hangs);
    expect(status).toBe(500);
    expect(swarm).toEqual({
      [OWN_KEY.id]: { failed: true, query_failure: true, t: expect.any(Number) as unknown },
      [ids[0] ?? '']: { failed: true, query_failure: true },
      [ids[1] ?? '']: { failed: true, code: '406', reason: BAD_CLOCK },
      [ids[2] ?? '']: { failed: true, timeout: true },
      [dead.ed25519]: { failed: true, timeout: true },
    });
  });
});
