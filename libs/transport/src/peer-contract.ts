import { judgeVersion, type OtherVersion } from '#protocol';

/**
 * Version of all that nodes say to each other on the peer port. Raised with a change that older nodes would misread; what
 * a node says in the next version still has to be readable as this one. docs/decisions/0005-contract-versions.md
 */
export const PEER_CONTRACT_VERSION = 1;
/** docs/protocol/peer.md §9.1 */
export const CONTRACT_HEADER = 'x-contract';
/** An answer whose version cannot be used counts as one with this status. docs/protocol/peer.md §9.3 */
export const OTHER_VERSION_STATUS = 505;

/** What a node speaks that names no version. */
const FIRST_VERSION = 1;
/** Three digits last for more releases than there will be. */
const VERSION = /^[1-9]\d{0,2}$/;
const NAMED = new RegExp(`\\r\\n${CONTRACT_HEADER}: *([^\\r]*?) *(?:\\r\\n|$)`, 'i');

/** The version that this node speaks on the peer port, and which of others' it works with. docs/protocol/peer.md §9 */
export class PeerContract {
  /** What the header says in everything that we send. */
  readonly value: string;
  /** The same as a line of a head. */
  readonly line: string;
  readonly #ownLine: string;

  /** `met` hears of each request and answer of another version. */
  constructor(
    private readonly met: (other: OtherVersion) => void = () => undefined,
    private readonly version = PEER_CONTRACT_VERSION,
  ) {
    this.value = String(version);
    this.line = `${CONTRACT_HEADER}: ${version}\r\n`;
    this.#ownLine = `\r\n${this.line}`;
  }

  /** Whether a request is to be served. `named`: its header. */
  serves(named: string | readonly string[] | undefined): boolean {
    return named === this.value || this.#tolerates(named);
  }

  /** Whether an answer can be used. `head`: all lines of its head. Only what our code answers names a version. */
  uses(status: number, head: string): boolean {
    if (head.includes(this.#ownLine)) return true; // as nearly all do
    const named = NAMED.exec(head)?.[1];
    return named === undefined && status !== 200 ? true : this.#tolerates(named);
  }

  #tolerates(named: string | readonly string[] | undefined): boolean {
    const version = versionOf(named);
    if (version === this.version) return true;
    const other = judgeVersion(version, this.version);
    this.met(other);
    return other.outcome === 'used';
  }
}

function versionOf(named: string | readonly string[] | undefined): number | null {
  if (named === undefined) return FIRST_VERSION;
  return typeof named === 'string' && VERSION.test(named) ? Number(named) : null;
}
