export { BodyCollector } from './body-collector.js';
export { piecesOf, writeInPieces } from './in-pieces.js';
export { PeerServer } from './peer-server.js';
export type { PeerHandlers } from './peer-routes.js';
export type { Command } from './wire.js';
export type { PeerServerLimits, PeerServerOptions } from './peer-server.js';
export { PeerError, PeerProtocolError, PeerTimeout, PeerTransport, PeerUnreachable } from './peer-transport.js';
export type { PeerAddress, PeerReply } from './peer-transport.js';
export { TlsPeerTransport } from './tls-peer-transport.js';
