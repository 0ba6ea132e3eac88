import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { listenOn } from './listen-on.js';
import { stopAccepting } from './stop-accepting.js';

const HOST = '127.0.0.1';

async function answered(socket: Socket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return String((await once(socket, 'data'))[0]);
}

describe('a server of HTTP that stops accepting', () => {
  it('serves an idle connection on, refuses new ones, and has ended when that one ends', async () => {
    const server = createServer((_request, response) => response.end('here'));
    const port = await listenOn(server, HOST, 0);
    const kept = connect(port, HOST);
    expect(await answered(kept)).toMatch(/^HTTP\/1\.1 200 /);

    let hasEnded = false;
    const ended = stopAccepting(server).then(() => (hasEnded = true));
    await expect(once(connect(port, HOST), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await answered(kept)).toMatch(/^HTTP\/1\.1 200 /);
    expect(hasEnded).toBe(false);
    kept.end();
    await ended;
    expect(server.listening).toBe(false);
  });
});
