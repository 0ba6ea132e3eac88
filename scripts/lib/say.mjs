/** A line for the person watching; standard output belongs to the program that is started. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Ends with one sentence. */
export function fail(sentence) {
  say(`starling: ${sentence}`);
  process.exit(1);
}
