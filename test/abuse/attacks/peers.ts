import { randomBytes } from 'node:crypto';
import { connect } from 'node:tls';
import { SystemClock, ed25519Certificate } from '#platform';
import { TlsPeerTransport } from '#transport';
import { workers, type Attack, type Outcome, type Target } from './attack.js';

/** What a member could send, so that an answer shows that a stranger was let in. */
const PING = 'POST /v1/ping HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';

interface Identity {
  readonly cert?: string;
  readonly key?: string;
}

/** Knocks at the peer port without a certificate, with a key of nobody, and with that of a decommissioned node. */
export const strangers: Attack = async (target, stopped, tally) => {
  const clock = new SystemClock();
  const wrong = ed25519Certificate(randomBytes(32), clock.now());
  const retired = ed25519Certificate(Buffer.from(target.more.seed ?? '', 'hex'), clock.now());
  const identities: Identity[] = [
    {},
    { cert: wrong.certPem, key: wrong.keyPem },
    { cert: retired.certPem, key: retired.keyPem },
  ];
  await workers(target, stopped, async (index) => {
    tally.begun();
    tally.ended(await knock(target, identities[index % identities.length] ?? {}));
  });
};

/** Whether anything came before the node cut us off. */
function knock({ ip, peerPort, patienceMs }: Target, identity: Identity): Promise<Outcome> {
  return new Promise((resolve) => {
    let outcome: Outcome = 'refused';
    const socket = connect({ host: ip, port: peerPort, rejectUnauthorized: false, ...identity });
    const timer = setTimeout(() => {
      outcome = 'kept';
      socket.destroy();
    }, patienceMs);
    socket.once('secureConnect', () => socket.write(PING));
    socket.on('data', () => (outcome = 'answered'));
    socket.on('error', () => socket.destroy()); // a reset is how a node says no
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

/** A member that has turned: deep and lying bencode, as frames of onions and as parameters of commands. */
export const deepBencode: Attack = async (target, stopped, tally) => {
  const peers = new TlsPeerTransport(Buffer.from(target.more.seed ?? '', 'hex'), new SystemClock());
  const MiB = 1024 * 1024;
  const bodies = [
    Buffer.from('l'.repeat(4 * MiB)),
    Buffer.from('l'.repeat(MiB) + 'e'.repeat(MiB)),
    Buffer.from('d1:a'.repeat(MiB)),
    Buffer.from(`d4:data${'9'.repeat(1_000)}:e`),
    Buffer.from(`li${'9'.repeat(MiB)}ee`),
    Buffer.from(`l${'0:'.repeat(2 * MiB)}e`),
  ];
  let count = 0;
  await workers(target, stopped, async () => {
    tally.begun();
    const body = bodies[count % bodies.length] ?? Buffer.alloc(0);
    count += 1;
    const asked =
      count % 2 === 0
        ? peers.onion(target, [body], target.patienceMs)
        : peers.command(target, 'store', body, target.patienceMs);
    try {
      tally.answered((await asked).status);
    } catch (cause) {
      tally.add(cause instanceof Error ? cause.name : 'unknown');
      tally.ended('closed');
    }
  });
  await peers.close();
};
