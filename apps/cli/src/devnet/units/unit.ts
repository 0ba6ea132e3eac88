/** What a process does: one of a node's services, all three together, or a server that all nodes share. */
export type Role = 'node' | 'relay' | 'storage' | 'swarm-manager' | 'redis' | 'nats';

/** How to ask whether a process is ready. */
export type Probe =
  /** Ready when a GET answers 200. */
  | { readonly kind: 'http'; readonly url: string }
  /** Ready when what it says (after what we say, if anything) begins with one of these. */
  | { readonly kind: 'tcp'; readonly port: number; readonly say: string; readonly expect: readonly string[] };

export interface ProcessSpec {
  readonly role: Role;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly probes: readonly Probe[];
}

/** One thing that is started and stopped as a whole: a node or a server. */
export interface Unit {
  readonly name: string;
  /** Where its files are, among them which processes it has. */
  readonly folder: string;
  readonly processes: readonly ProcessSpec[];
  /** What ends it in order; SIGTERM when nothing is said. */
  readonly stopSignal?: NodeJS.Signals;
  /** The container to remove with it, if it is one. */
  readonly container?: string;
}
