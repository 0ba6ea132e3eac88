/** Where a Redis or NATS server comes from. */
export type ServerSource =
  /** Somebody else runs it: we only use it. Several URLs: one for each node, with credentials of its own. */
  | { readonly kind: 'given'; readonly urls: string[] }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'container'; readonly image: string };

export interface ServerSources {
  readonly redis: ServerSource;
  readonly nats: ServerSource;
}

export function describeSource(source: ServerSource): string {
  switch (source.kind) {
    case 'given':
      return 'given by URL';
    case 'binary':
      return source.path;
    case 'container':
      return `container ${source.image}`;
  }
}
