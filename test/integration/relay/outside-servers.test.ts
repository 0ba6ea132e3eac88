import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { OpenLine } from '../../../apps/relay/src/bandwidth/line.js';
import { relayLimits, type RelayLimits } from '../../../apps/relay/src/limits/budget.js';
import { ReadingTurns } from '../../../apps/relay/src/limits/reading-turns.js';
import { GuardedConnector } from '../../../apps/relay/src/outside/guarded-connector.js';
import { HostNames } from '../../../apps/relay/src/outside/host-names.js';
import { OutsideServers, type OutsideResult } from '../../../apps/relay/src/outside/outside-servers.js';
import { OwnAddresses } from '../../../apps/relay/src/outside/own-addresses.js';

const TIMEOUT_MS = 60_000;
const BUDGET_MS = 20_000;
const MIB = 1024 * 1024;
const TARGET = '/oxen/v4/lsrpc';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Every name a stranger thinks of is at his server. */
class Wildcard extends HostNames {
  override readonly resolve = (): Promise<readonly string[]> => Promise.resolve(['127.0.0.1']);
  override readonly resolveTrusted = this.resolve;
}

class NoAddresses extends OwnAddresses {
  override readonly includes = (): boolean => false;
}

/** Lets every server through: what is shown here comes after the address. */
class Everyone extends Set<string> {
  override readonly has = (): boolean => true;
}

/** A server that does with each request whatever it likes, and a relay that calls it. */
class HostileServer {
  readonly connections: Socket[] = [];
  private readonly server = createServer((socket) => {
    this.connections.push(socket);
    socket.on('error', () => undefined).on('data', () => this.answer(socket));
  });
  private readonly outside: OutsideServers;

  constructor(
    private readonly answer: (socket: Socket) => void,
    limits: Partial<RelayLimits> = {},
  ) {
    this.outside = new OutsideServers({
      connector: new GuardedConnector(new Wildcard(), new NoAddresses(), new Everyone()),
      onConnection: () => undefined,
      line: new OpenLine(),
      room: { hold: () => true, release: () => undefined },
      turns: new ReadingTurns(),
      limits: { ...relayLimits, ...limits },
      userAgent: 'relay',
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get open(): number {
    return this.connections.filter((socket) => !socket.destroyed).length;
  }

  call(host = 'files.example.org'): Promise<OutsideResult> {
    const { port } = this.server.address() as AddressInfo;
    return this.outside.post(
      { kind: 'relay-server', host, port, protocol: 'http', target: TARGET, payload: Buffer.from('layer') },
      BUDGET_MS,
    );
  }

  async stop(): Promise<void> {
    await this.outside.onApplicationShutdown();
    for (const socket of this.connections) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Writes for as long as somebody reads. */
function writeForEver(socket: Socket, text: string): void {
  const piece = text.repeat(Math.ceil((64 * 1024) / text.length));
  const more = (): void => {
    while (socket.writable && socket.write(piece, 'latin1'));
  };
  socket.on('drain', more);
  more();
}

describe('a call to an outside server that means harm', () => {
  let server: HostileServer;
  afterEach(() => server.stop());

  it.each([
    ['empty lines', '', '\r\n'],
    ['a reason phrase', 'HTTP/1.1 200 ', 'so '],
    ['early hints', '', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'],
    ['a chunk extension', `${CHUNKED}1;`, 'x'],
    ['chunks of one byte', CHUNKED, '1\r\nx\r\n'],
  ])(
    'reads %s no further than the largest answer',
    async (_name, head, repeated) => {
      server = await new HostileServer((socket) => {
        socket.write(head);
        writeForEver(socket, repeated);
      }).start();
      expect(await server.call()).toEqual({ kind: 'failed', text: 'The answer of the server is too large' });
      await waitUntil('the connection to end', TIMEOUT_MS, () => expect(server.open).toBe(0));
    },
    TIMEOUT_MS,
  );

  it('counts each of its answers for itself', async () => {
    const calls = 4;
    const body = 'x'.repeat(9 * MIB);
    server = await new HostileServer((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    ).start();
    for (let i = 0; i < calls; i += 1) expect(await server.call()).toMatchObject({ kind: 'answered', status: 200 });
    expect(server.connections.length).toBeLessThan(calls); // one of them brought 18 MiB
  });

  it('leaves room for others, however many names it has and however long it wants to stay', async () => {
    const kept = 20;
    server = await new HostileServer(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 2\r\n\r\nok'),
      { outsideKept: kept },
    ).start();
    for (let i = 0; i < 1_100; i += 1) {
      expect(await server.call(`n${i}.example.org`)).toMatchObject({ kind: 'answered', status: 200 });
    }
    await waitUntil('connections beyond those to end', TIMEOUT_MS, () => expect(server.open).toBe(kept));
  });

  it('does not say how long its connections are kept', async () => {
    server = await new HostileServer(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 2\r\n\r\nok'),
      { outsideIdleMs: 50 },
    ).start();
    expect(await server.call()).toMatchObject({ kind: 'answered', status: 200 });
    await waitUntil('the connection to end', TIMEOUT_MS, () => expect(server.open).toBe(0));
  });
});
