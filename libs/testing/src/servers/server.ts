/** A server that a test may stop, kill and start again: same address, same data. */
export interface Server {
  /** Starts it, or starts it again. Returns when the program runs, not when it answers. */
  start(): Promise<void>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
  /** The last lines it wrote, for the message when it does not answer. */
  lastWords(): Promise<string>;
}

/** What to run, in words that fit a program on this machine as well as a container. */
export interface ServerRecipe {
  /** Programs that will do, best first. */
  readonly binaries: readonly string[];
  readonly image: string;
  /** Where it listens inside a container. On this machine it listens on the port that is given to `args`. */
  readonly containerPort: number;
  /** The file that holds its settings: name and contents. */
  readonly configFile: string;
  readonly config: (at: { readonly port: number; readonly host: string; readonly dir: string }) => string;
  readonly args: (configPath: string) => string[];
}
