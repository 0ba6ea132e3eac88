/** The end of a connection. */
export interface WebSocketClose {
  readonly code: number;
  readonly reason: string;
}

/** What we use of a WebSocket: that of a browser, of Node, or of a package. */
export interface WebSocketLike {
  binaryType: string;
  send(data: Uint8Array): void;
  close(): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: WebSocketClose) => void): void;
}

/** Opens a socket to a node, whose certificate nobody looks at: it is signed by nobody. */
export type OpenWebSocket = (url: string) => WebSocketLike;
