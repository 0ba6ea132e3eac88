import { ListRefused } from './list-refused.js';
import { NO_LIST, type NetworkList } from './network-list.js';

/**
 * Whether a verified list follows the one in force (null: none yet). False: it is the one in force.
 * Throws ListRefused when it must not follow: an older or a second list of an epoch, a broken chain, an expired list.
 */
export function acceptList(
  current: Pick<NetworkList, 'epoch' | 'hash'> | null,
  next: NetworkList,
  nowMs: number,
): boolean {
  if (next.hash === current?.hash) return false;
  const epoch = current?.epoch ?? 0;
  if (next.epoch < epoch)
    throw new ListRefused(`The list is of epoch ${next.epoch}, older than epoch ${epoch} in force.`);
  if (next.epoch === epoch) {
    throw new ListRefused(
      `There are two different lists of epoch ${epoch}; the one in force stays until a newer one comes.`,
    );
  }
  if (next.expiresMs <= nowMs) {
    throw new ListRefused(`The list of epoch ${next.epoch} expired at ${new Date(next.expiresMs).toISOString()}.`);
  }
  if (next.swarms === null) refuseBrokenChain(epoch, current?.hash ?? NO_LIST, next);
  return true;
}

/** Without swarms of its own a list only means something right after the list that it was made from. */
function refuseBrokenChain(epoch: number, hash: string, next: NetworkList): void {
  if (next.epoch !== epoch + 1) {
    throw new ListRefused(
      `The list of epoch ${next.epoch} does not carry its swarms and epoch ${next.epoch - 1} is missing here.`,
    );
  }
  if (next.prev !== hash)
    throw new ListRefused(`The list of epoch ${next.epoch} follows another list than the one in force.`);
}
