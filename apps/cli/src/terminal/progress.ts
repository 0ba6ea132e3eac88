import type { TextSink } from './terminal.js';

/** Nobody wonders about less. */
const PATIENCE_MS = 1_000;
/** A log that is not a terminal gets a line this often, and only when something changed. */
const LINE_EVERY_MS = 2_000;
const REDRAW_MS = 200;
const CLEAR_LINE = '\r\u001b[K';
const DOTS = ['   ', '.  ', '.. ', '...'];

/** One line that says how far something is. On a terminal it is redrawn in place and disappears at the end. */
export class Progress {
  private detail = '';
  private shown = '';
  private ticks = 0;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly sink: TextSink,
    private readonly what: string,
  ) {
    this.timer = setTimeout(() => this.begin(), PATIENCE_MS);
    this.timer.unref();
  }

  /** For instance `3 of 7`. */
  update(detail: string): void {
    this.detail = detail;
  }

  end(): void {
    clearTimeout(this.timer);
    if (this.sink.isTTY && this.shown) this.sink.write(CLEAR_LINE);
  }

  private begin(): void {
    this.draw();
    this.timer = setInterval(() => this.draw(), this.sink.isTTY ? REDRAW_MS : LINE_EVERY_MS);
    this.timer.unref();
  }

  private draw(): void {
    const text = this.detail ? `${this.what}: ${this.detail}` : this.what;
    if (this.sink.isTTY) {
      this.sink.write(`${CLEAR_LINE}${text} ${DOTS[this.ticks++ % DOTS.length] ?? ''}`);
    } else if (text !== this.shown) {
      this.sink.write(`${text} …\n`);
    }
    this.shown = text;
  }
}
