const listeners = new Set<() => void>();

/** Has what came from files read again. */
export function reload(): void {
  for (const listener of listeners) listener();
}

/** Called whenever an operator asks, by SIGHUP, that files be read again. Returns what ends that. */
export function onReload(listener: () => void): () => void {
  if (listeners.size === 0) process.on('SIGHUP', reload);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.off('SIGHUP', reload);
  };
}
