/** `skip`: could not be judged; `says` tells why. */
export type Level = 'pass' | 'warn' | 'fail' | 'skip';

export interface Finding {
  /** What was looked at, in one or two words. */
  readonly check: string;
  readonly level: Level;
  readonly says: string;
  /** What to do; null where nothing is to be done. */
  readonly remedy: string | null;
}

export const pass = (check: string, says: string): Finding => ({ check, level: 'pass', says, remedy: null });
export const skip = (check: string, says: string): Finding => ({ check, level: 'skip', says, remedy: null });
export const warn = (check: string, says: string, remedy: string): Finding => ({ check, level: 'warn', says, remedy });
export const fail = (check: string, says: string, remedy: string): Finding => ({ check, level: 'fail', says, remedy });

/** From a sentence of the house form: `what is wrong; what to do`. */
export function failedBy(check: string, sentence: string): Finding {
  const [says = '', ...rest] = sentence.split('; ');
  return fail(check, says, rest.join('; ') || 'correct it');
}
