import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { runCases } from './case.js';
import { BATCH } from './cases/batch.js';
import { DELETE } from './cases/delete.js';
import { ENVELOPE } from './cases/envelope.js';
import { EXPIRE } from './cases/expire.js';
import { httpCases } from './cases/http.js';
import { IDENTITY } from './cases/identity.js';
import { IFELSE } from './cases/ifelse.js';
import { monitorCases } from './cases/monitor.js';
import { PAGES } from './cases/pages.js';
import { peerCases } from './cases/peer.js';
import { RETRIEVE } from './cases/retrieve.js';
import { REVOCATION } from './cases/revocation.js';
import { STORE } from './cases/store.js';
import { streamCases } from './cases/stream.js';
import { SUBACCOUNTS } from './cases/subaccounts.js';
import { SWARM } from './cases/swarm.js';
import { ConformanceNetwork } from './conformance-network.js';
import { Scene } from './scene.js';
import { closeStreams } from './stream-client.js';
import { closeWays, WAYS } from './ways.js';

/** Nine processes on two busy cores. */
const NETWORK_TIMEOUT_MS = 240_000;

/** A case is done in a second, unless others keep the machine busy. */
jest.setTimeout(60_000);

const SECTIONS = {
  'the envelope': ENVELOPE,
  'accounts and proofs': IDENTITY,
  store: STORE,
  retrieve: RETRIEVE,
  'the size of a page': PAGES,
  'delete, delete_all, delete_before': DELETE,
  'expire, expire_all, get_expiries': EXPIRE,
  subaccounts: SUBACCOUNTS,
  'revoked subaccounts': REVOCATION,
  'get_swarm and oxend_request': SWARM,
  'batch and sequence': BATCH,
  ifelse: IFELSE,
};

/** One network for all cases; each case brings its own accounts. */
describe('a node of a running network', () => {
  let running: ConformanceNetwork | undefined;
  const network = (): ConformanceNetwork => {
    if (running === undefined) throw new Error('the network did not start');
    return running;
  };
  beforeAll(async () => {
    running = await ConformanceNetwork.start();
  }, NETWORK_TIMEOUT_MS);
  afterAll(async () => {
    await closeWays();
    await closeStreams();
    await running?.stop();
  }, NETWORK_TIMEOUT_MS);

  const scenes = {
    https: () => new Scene(network(), WAYS.https(network())),
    onion: () => new Scene(network(), WAYS.onion(network())),
  };
  for (const [section, cases] of Object.entries(SECTIONS)) runCases(section, cases, scenes);
  describe('the public port', () => httpCases(network));
  describe('the peer port', () => peerCases(network));
  describe('a stream', () => streamCases(network));
  describe('subscriptions', () => monitorCases(network));
});
