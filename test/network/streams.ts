import { WebSocket } from 'ws';
import { StreamConnection, type Notification } from '#client';
import type { TestNode } from '#testing';

export const openStream = ({ url }: TestNode): Promise<StreamConnection> =>
  StreamConnection.open({
    url,
    // The certificate of a node is signed by nobody.
    openSocket: (address) => new WebSocket(address, { rejectUnauthorized: false, perMessageDeflate: false }),
  });

/** Everything that a stream tells of from now on. */
export function heardOn(stream: StreamConnection): readonly Notification[] {
  const heard: Notification[] = [];
  stream.onMessage((message) => heard.push(message));
  return heard;
}
