import { INVALID_SWARM_ID, swarmIdToHex } from '#protocol';
import type { NetworkList } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { tableLines } from '../terminal/table.js';
import { addDirOption } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';

interface Options {
  readonly dir: string;
  readonly draft?: boolean;
}

export const addNetworkShow: AddCommand = (parent, world) => {
  const command = parent.command('show').description('show the list in force');
  addDirOption(command);
  command.option('--draft', 'show the next list, which is not published yet');
  finish<Options>(command, world, async (_context, { dir, draft: wantsDraft }) => {
    const folder = await NetworkFolder.open(dir);
    const { network, admins, required } = folder.trust;
    const draft = await folder.draft();
    const list = wantsDraft ? (draft?.list ?? null) : await folder.current();
    const waiting = draft
      ? [`List ${draft.list.epoch} waits for signatures: it has ${draft.signatures.length} of ${required}.`]
      : [];
    return {
      json: { network, admins, required, list: list ? asJson(list) : null, draft_epoch: draft?.list.epoch ?? null },
      lines: [
        `Network ${network}, ${required} of ${admins.length} administrators must sign`,
        ...(list ? describe(list) : [wantsDraft ? 'There is no draft.' : 'There is no list yet.']),
        ...waiting,
      ],
    };
  });
};

function describe(list: NetworkList): string[] {
  const rows = list.nodes.map((node) => {
    const { ed25519, ip, httpsPort, peerPort, state } = node;
    return [ed25519, `${ip}:${httpsPort}`, String(peerPort), state, swarmOf(list, ed25519) ?? ''];
  });
  return [
    `list ${list.epoch}, hash ${list.hash}, valid until ${new Date(list.expiresMs).toISOString()}`,
    ...tableLines(['Ed25519 key', 'https', 'peer', 'state', 'swarm'], rows),
  ];
}

function asJson(list: NetworkList): object {
  const { epoch, hash, prev, issuedMs, expiresMs } = list;
  const nodes = list.nodes.map(({ ed25519, ip, httpsPort, peerPort, state }) => {
    return { ed25519, ip, https_port: httpsPort, peer_port: peerPort, state, swarm: swarmOf(list, ed25519) };
  });
  return { epoch, hash, prev, issued_ms: issuedMs, expires_ms: expiresMs, nodes };
}

/** Null for a node in no swarm. */
function swarmOf({ swarms }: NetworkList, ed25519: string): string | null {
  const [id] = [...(swarms ?? [])].find(([, members]) => members.includes(ed25519)) ?? [INVALID_SWARM_ID];
  return id === INVALID_SWARM_ID ? null : swarmIdToHex(id);
}
