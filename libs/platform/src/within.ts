/** What became of some work within its time: true when it ended, false when it is still running. Its failure is its own. */
export async function endedWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([ended, patience]);
  clearTimeout(timer);
  return result;
}
