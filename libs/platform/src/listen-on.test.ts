import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listenOn } from './listen-on.js';

const HOST = '127.0.0.1';

describe('a server that is told to listen', () => {
  const servers: Server[] = [];
  const aServer = (): Server => {
    const server = createServer();
    servers.push(server);
    return server;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('tells the port that it was given by the system, and leaves later errors to others', async () => {
    const server = aServer();
    const port = await listenOn(server, HOST, 0);
    expect(server.address()).toMatchObject({ address: HOST, port });
    expect(server.listenerCount('error')).toBe(0);
  });

  it('fails with what the system says of an address that cannot be had', async () => {
    const port = await listenOn(aServer(), HOST, 0);
    await expect(listenOn(aServer(), HOST, port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      syscall: 'listen',
      port,
    });
  });
});
