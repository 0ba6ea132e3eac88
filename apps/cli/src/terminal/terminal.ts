import pc from 'picocolors';
import { Progress } from './progress.js';

/** Where text goes; process.stdout fits. */
export interface TextSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Cursor to the first place, then everything after it away. */
const CLEAR_SCREEN = '\u001b[H\u001b[J';

type Colors = ReturnType<typeof pc.createColors>;

export interface TerminalOptions {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True: standard output carries JSON only. */
  readonly json: boolean;
}

/** What the command says: results on standard output, everything on the way there on standard error. */
export class Terminal {
  readonly colors: Colors;
  readonly json: boolean;
  private readonly stdout: TextSink;
  private readonly stderr: TextSink;

  constructor({ stdout, stderr, env, json }: TerminalOptions) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.json = json;
    const wanted = !json && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
    this.colors = pc.createColors(wanted);
  }

  /** A line of the result; nothing with --json. */
  line(text = ''): void {
    if (!this.json) this.stdout.write(`${text}\n`);
  }

  /** Makes room for another screen; nothing where there is none, or with --json. */
  clear(): void {
    if (!this.json && this.stdout.isTTY) this.stdout.write(CLEAR_SCREEN);
  }

  /** The result as one JSON object on one line; nothing without --json. */
  object(value: object): void {
    if (this.json) this.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** For the person watching, whatever the form of the result. */
  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** Shows that work goes on, once it has lasted a second. Call `end` when it is over. */
  progress(what: string): Progress {
    return new Progress(this.stderr, what);
  }
}
