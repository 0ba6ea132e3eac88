import type { AddressInfo, Server } from 'node:net';

/**
 * Resolves with the port, which is another one when `port` is 0. Rejects with the system's error when the address cannot
 * be had.
 */
export function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
