/** What the exit code of `starling` says; listed in its help. */
export const EXIT = {
  ok: 0,
  /** Something did not work: the sentence on standard error says what. */
  failure: 1,
  /** The command line is not understood. */
  usage: 2,
  /** A setting or a file of settings is missing or wrong: EX_CONFIG of sysexits. */
  configuration: 78,
} as const;
