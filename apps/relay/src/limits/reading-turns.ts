import { LARGE_BYTES } from './load.js';

/** What one turn of the event loop reads of bodies before the rest has to wait: a millisecond of decrypting and copying. */
const BYTES_PER_TURN = 512 * 1024;
/** How often bodies that wait are read on: in between there are short turns, each of which may bring a new connection. */
const READ_ON_EVERY_MS = 4;
/** Of messages that had to wait, and of files, so many are read on each time: some 64 KiB of each. */
const MESSAGES_READ_ON = 16;
const FILES_READ_ON = 8;

/** What is read. */
interface Source {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Bodies take turns when there are too many. A turn of the event loop that reads from every socket with something to
 * say lasts long when hundreds upload at once, and everybody else's request or new connection waits for its end.
 * Messages do not wait for files.
 */
export class ReadingTurns {
  private readonly messages: Source[] = [];
  private readonly files: Source[] = [];
  private bytes = 0;
  private isCounting = false;
  private isDue = false;

  /**
   * To be told of every piece of a body that goes on after it, and of the body's bytes so far. Beyond what fits into this
   * turn, `source` is paused and goes on in a later one.
   */
  read(source: Source, pieceBytes: number, bodyBytes: number): void {
    this.bytes += pieceBytes;
    this.countAnewNextTurn();
    if (this.bytes <= BYTES_PER_TURN) return;
    source.pause();
    (bodyBytes > LARGE_BYTES ? this.files : this.messages).push(source);
    this.readOnLater();
  }

  /** The same for whoever reads in a loop: resolves when that may go on. */
  pass(pieceBytes: number, bodyBytes: number): Promise<void> {
    return new Promise((resolve) => {
      const loop = { isPaused: false, pause: () => (loop.isPaused = true), resume: resolve };
      this.read(loop, pieceBytes, bodyBytes);
      if (!loop.isPaused) resolve();
    });
  }

  private countAnewNextTurn(): void {
    if (this.isCounting) return;
    this.isCounting = true;
    setImmediate(() => {
      this.isCounting = false;
      this.bytes = 0;
    });
  }

  private readOnLater(): void {
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(() => {
      this.isDue = false;
      for (const source of this.messages.splice(0, MESSAGES_READ_ON)) source.resume();
      for (const source of this.files.splice(0, FILES_READ_ON)) source.resume();
      if (this.messages.length + this.files.length > 0) this.readOnLater();
    }, READ_ON_EVERY_MS);
  }
}
