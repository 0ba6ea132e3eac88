/** What file servers of the network take. */
const MAX_FILE_BYTES = 10_000_000;
/** A test has a few. */
const MAX_FILES = 100;

export interface FileRequest {
  readonly method: string;
  /** Starts with `/`. */
  readonly endpoint: string;
  readonly body: Uint8Array;
}

export interface FileReply {
  readonly code: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Files in memory: `POST /file` keeps one and tells its id, `GET /file/<id>` gives it back. */
export class Files {
  readonly #files = new Map<string, Uint8Array>();
  #lastId = 0;

  get count(): number {
    return this.#files.size;
  }

  answer({ method, endpoint, body }: FileRequest): FileReply {
    if (method === 'POST' && endpoint === '/file') return this.#keep(body);
    const [, id] = /^\/file\/(\d+)$/.exec(endpoint) ?? [];
    const file = method === 'GET' && id !== undefined ? this.#files.get(id) : undefined;
    if (file === undefined) return json(404, { error: 'no such file' });
    return { code: 200, contentType: 'application/octet-stream', body: file };
  }

  #keep(body: Uint8Array): FileReply {
    if (body.length === 0) return json(400, { error: 'no file' });
    if (body.length > MAX_FILE_BYTES) return json(413, { error: 'file too large' });
    if (this.#files.size >= MAX_FILES) return json(507, { error: 'no room' });
    this.#lastId += 1;
    const id = String(this.#lastId);
    this.#files.set(id, body.slice());
    return json(200, { id });
  }
}

function json(code: number, value: object): FileReply {
  return { code, contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}
