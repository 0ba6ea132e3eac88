/** How a service comes to a server that it cannot do without. */
export interface NeededServer {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Of a server whose certificate this machine does not trust by itself. */
  readonly caFile?: string | undefined;
  /** True: a server that lets anybody in is refused. */
  readonly mustAskForPassword?: boolean;
  /** Shown in what the server tells of its clients. */
  readonly name: string;
  /** Of the settings, for sentences about problems: `STORAGE_`. */
  readonly prefix?: string;
  /** True where the settings have user and password in the address only. */
  readonly hasUserInUrl?: boolean;
  /** A server that starts together with us, or loads a large file, has this long to answer. */
  readonly patienceMs?: number;
}

/** Of `patienceMs`, where nothing is said. */
export const START_PATIENCE_MS = 15_000;

type Kind = 'NATS' | 'Redis';
type Named = Pick<NeededServer, 'prefix' | 'hasUserInUrl'>;

export function refusedSentence(kind: Kind, where: string, { prefix = '', hasUserInUrl = false }: Named): string {
  const setting = (name: string): string => `${prefix}${kind.toUpperCase()}_${name}`;
  const settings = hasUserInUrl ? `those in ${setting('URL')}` : `${setting('USER')} and ${setting('PASSWORD')}`;
  return `${kind} at ${where} refuses the user or password; check ${settings}`;
}

/** `reason`: the code of the system or of the driver, if it is known. */
export function silentSentence(kind: Kind, where: string, reason: string | null, { prefix = '' }: Named): string {
  const inBrackets = reason === null ? '' : ` (${reason})`;
  return `${kind} at ${where} does not answer${inBrackets}; start it, or correct ${prefix}${kind.toUpperCase()}_URL`;
}
