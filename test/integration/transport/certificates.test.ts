import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ed25519Certificate } from '#platform';
import { SharedTime, WrongClock } from '#testing';
import { CALLER, Listener, dialAs } from './two-nodes.js';

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 10_000;

/** Serial number of the certificate that a listener shows. */
function serialAt(port: number): Promise<string> {
  const { certPem, keyPem } = ed25519Certificate(CALLER.seed, Date.now());
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port, cert: certPem, key: keyPem, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
      () => {
        resolve(socket.getPeerX509Certificate()?.serialNumber ?? 'none');
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

describe('the certificates of two nodes', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('are renewed while they run, and everything goes on', async () => {
    const clock = new WrongClock(new SharedTime());
    const listener = await Listener.start({}, {}, { clock });
    const caller = dialAs(CALLER, clock);
    ends.push(
      () => caller.close(),
      () => listener.stop(),
    );
    await caller.ping(listener.address, TIMEOUT_MS);
    const first = await serialAt(listener.address.peerPort);

    clock.aheadMs = 29 * DAY_MS;
    listener.server.renewCertificate();
    expect(await serialAt(listener.address.peerPort)).toBe(first);

    clock.aheadMs = 30 * DAY_MS;
    listener.server.renewCertificate();
    const second = await serialAt(listener.address.peerPort);
    expect([second === first, second === 'none']).toEqual([false, false]);
    await caller.ping(listener.address, TIMEOUT_MS); // on the connection that stands
    listener.server.cut();
    await caller.ping(listener.address, TIMEOUT_MS); // on a new one
  });
});
