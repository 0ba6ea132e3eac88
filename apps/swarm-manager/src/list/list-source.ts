import { open } from 'node:fs/promises';
import { request } from 'undici';

/** Thousands of nodes with their signatures stay far below this. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 10_000;

/** The list cannot be had now. The message is a sentence for the operator. */
export class ListUnavailable extends Error {
  override readonly name = 'ListUnavailable';
}

/** Reads the signed list from a file or an http(s) address. Throws ListUnavailable. */
export function readListSource(source: string): Promise<string> {
  return /^https?:\/\//.test(source) ? fetchList(source) : readListFile(source);
}

async function readListFile(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_LIST_BYTES) throw new ListUnavailable('the list file is larger than 4 MiB');
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ListUnavailable) throw cause;
    throw new ListUnavailable(`the list file cannot be read (${codeOf(cause)}); check SWARM_MANAGER_LIST`);
  }
}

async function fetchList(url: string): Promise<string> {
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new ListUnavailable(`the list address answers with status ${answer.statusCode}; check SWARM_MANAGER_LIST`);
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_LIST_BYTES) throw new ListUnavailable('the list at that address is larger than 4 MiB');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    if (cause instanceof ListUnavailable) throw cause;
    throw new ListUnavailable(`the list address does not answer (${codeOf(cause)}); check SWARM_MANAGER_LIST`);
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : cause instanceof Error ? cause.name : 'unknown';
