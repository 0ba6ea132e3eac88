/** What one turn of the event loop reads of bodies before the rest has to wait: some milliseconds of decrypting. */
const BYTES_PER_TURN = 2 * 1024 * 1024;
/** Bodies that had to wait and are read on in one turn: so many reads of a socket bring about half as much. */
const RESUMED_PER_TURN = 16;

/** What is read. */
interface Source {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Bodies take turns when there are too many. A turn of the event loop that reads from every socket with something to
 * say lasts seconds when hundreds upload at once, and everybody else's request waits for its end.
 */
export class ReadingTurns {
  private readonly queue: Source[] = [];
  private bytes = 0;
  private isDue = false;

  /** To be told of every piece. Beyond what fits into this turn, `source` is paused and goes on in a later one. */
  read(source: Source, pieceBytes: number): void {
    this.bytes += pieceBytes;
    if (this.bytes > BYTES_PER_TURN) {
      source.pause();
      this.queue.push(source);
    }
    this.countAnewNextTurn();
  }

  private countAnewNextTurn(): void {
    if (this.isDue) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      this.bytes = 0;
      for (const source of this.queue.splice(0, RESUMED_PER_TURN)) source.resume();
      if (this.queue.length > 0) this.countAnewNextTurn();
    });
  }
}
