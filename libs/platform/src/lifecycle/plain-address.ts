/** A server's address for people: without the user and password that it may carry. */
export function plainAddress(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}`;
  } catch {
    return 'the configured address';
  }
}
