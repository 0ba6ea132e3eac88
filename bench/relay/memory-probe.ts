/**
 * Loaded into the process under test by --import, with --expose-gc: collects whenever SIGUSR2 comes and tells the
 * resident memory that is left, in bytes.
 */
import { writeProbed } from './write-probed.js';

/** Pages that a collection has emptied go back to the system beside other work. */
const SETTLED_AFTER_MS = 500;

process.on('SIGUSR2', () => {
  global.gc?.();
  setTimeout(() => writeProbed({ residentBytes: process.memoryUsage.rss() }), SETTLED_AFTER_MS);
});
