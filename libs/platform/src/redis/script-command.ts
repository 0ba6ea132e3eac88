import { Command } from 'ioredis';

/** What a script takes; numbers are written in decimal. */
export type LuaArgument = string | Buffer | number;

const LINE_END = '\r\n';
const line = (kind: '*' | '$', count: number): string => `${kind}${count}${LINE_END}`;

/**
 * EVALSHA in one piece of bytes, whose replies come as buffers. The driver's own way of writing a command with so many
 * operands takes longer than Redis does to carry it out.
 */
export class ScriptCommand extends Command {
  readonly #frame: Buffer;

  constructor(sha: string, keys: number, operands: readonly LuaArgument[]) {
    super('evalsha', [], { replyEncoding: null });
    this.#frame = frameOf(['EVALSHA', sha, keys, ...operands]);
  }

  override toWritable(): Buffer {
    return this.#frame;
  }
}

/** An array of bulk strings, as Redis reads commands: runs of text are written at once, bytes are copied once. */
function frameOf(words: readonly LuaArgument[]): Buffer {
  const parts: (string | Buffer)[] = [];
  let text = line('*', words.length);
  let bytes = 0;
  const add = (part: string | Buffer): void => {
    bytes += Buffer.byteLength(part);
    parts.push(part);
  };
  for (const word of words) {
    if (typeof word === 'object') {
      add(text + line('$', word.length));
      add(word);
      text = LINE_END;
    } else {
      const written = String(word);
      text += line('$', Buffer.byteLength(written)) + written + LINE_END;
    }
  }
  add(text);
  const frame = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const part of parts) {
    at += typeof part === 'string' ? frame.write(part, at) : part.copy(frame, at);
  }
  return frame;
}
