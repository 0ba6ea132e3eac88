import { connect } from 'node:net';
import { pace, timeOver, type Attack } from './attack.js';

const LAST_PORT = 65_535;
/** On one machine a closed port refuses at once. */
const KNOCK_MS = 2_000;

/** Tries every port of the node's public address; `open_PORT` for each that answers. */
export const portScan: Attack = async (target, stopped, tally) => {
  const isOver = timeOver(target, stopped);
  const mayBegin = pace(target.perSecond);
  let next = 1;
  const scanner = async (): Promise<void> => {
    while (next <= LAST_PORT && !isOver()) {
      const port = next++;
      await mayBegin();
      tally.begun();
      const open = await isOpen(target.ip, port);
      if (open) tally.add(`open_${port}`);
      tally.ended(open ? 'kept' : 'refused');
    }
  };
  await Promise.all(Array.from({ length: target.count }, scanner));
};

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: KNOCK_MS });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
