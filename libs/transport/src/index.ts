export { PeerServer } from './peer-server.js';
export type { PeerHandlers, PeerServerOptions } from './peer-server.js';
export { PeerError, PeerProtocolError, PeerTimeout, PeerTransport, PeerUnreachable } from './peer-transport.js';
export type { PeerAddress, PeerReply } from './peer-transport.js';
export { TlsPeerTransport } from './tls-peer-transport.js';
