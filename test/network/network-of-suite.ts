import { afterAll, beforeAll } from '@jest/globals';
import { startNetwork, type NetworkOptions, type TestNetwork } from '#testing';
import { firstOf } from './rpc.js';
import { NETWORK_TIMEOUT_MS } from './timeouts.js';

/** A network for the tests of one suite, which calls this inside `describe`; what is given back gives it to a test. */
export function networkOfSuite(options: NetworkOptions): () => TestNetwork {
  let network: TestNetwork | undefined;
  beforeAll(async () => {
    network = await startNetwork(options);
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network?.stop(), NETWORK_TIMEOUT_MS);
  return () => firstOf([network]);
}
