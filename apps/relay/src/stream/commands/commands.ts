import { STREAM_TEXTS, type MessagePart } from '#protocol';
import { BUSY, type Caller, type Command } from './command.js';
import type { StorageCommands } from './storage-commands.js';

/** No name of a command is longer; what is cannot be one. */
const MAX_NAME_BYTES = 64;
const STORAGE = 'storage.';

const decoder = new TextDecoder('latin1');

/** Finds the command that a message names. docs/protocol/stream.md §3 */
export class Commands {
  constructor(
    private readonly storage: StorageCommands,
    private readonly monitor: Command,
  ) {}

  /** The message to send back; null when none is due. Rejects only for a fault of ours. */
  async answer(message: readonly Uint8Array[], caller: Caller): Promise<readonly MessagePart[] | null> {
    const [nameBytes = new Uint8Array(), tag, ...parts] = message;
    const name = decoder.decode(nameBytes.subarray(0, MAX_NAME_BYTES + 1));
    if (name === 'HI') return [STREAM_TEXTS.hello];
    if (name === 'BYE') caller.leave();
    if (name === 'BYE' || name === STREAM_TEXTS.reply) return null; // we never asked for a reply
    if (name.startsWith('sn.')) return refused(STREAM_TEXTS.forbidden, nameBytes, tag);
    const command = this.find(name);
    if (command === undefined) return refused(STREAM_TEXTS.unknownCommand, nameBytes, tag);
    if (tag === undefined) return refused(STREAM_TEXTS.noReplyTag, nameBytes, tag);
    return [STREAM_TEXTS.reply, tag, ...(await command.run(parts, caller))];
  }

  private find(name: string): Command | undefined {
    if (name === 'monitor.messages') return this.monitor;
    return name.startsWith(STORAGE) ? this.storage.named(name.slice(STORAGE.length)) : undefined;
  }
}

/** For a connection that waits for enough answers already. */
export function busyAnswer([, tag]: readonly Uint8Array[]): readonly MessagePart[] | null {
  return tag === undefined ? null : [STREAM_TEXTS.reply, tag, ...BUSY];
}

/** With a tag it ends the request of that tag; without one it can only name the command. */
const refused = (code: string, name: Uint8Array, tag: Uint8Array | undefined): readonly MessagePart[] =>
  tag === undefined ? [code, name.subarray(0, MAX_NAME_BYTES)] : [code, STREAM_TEXTS.reply, tag];
