/** Releases one version apart work together: neither the services of a node nor the nodes of a network are replaced at once. */
export const TOLERATED_VERSIONS = 1;

/** A message whose sender speaks another version of a contract than we do. */
export interface OtherVersion {
  /** Null where it is no version that we know how to read; that counts as a newer one. */
  readonly version: number | null;
  readonly relation: 'older' | 'newer';
  readonly outcome: 'used' | 'refused';
}

/** What becomes of a message of another version than `own`. docs/decisions/0005-contract-versions.md */
export function judgeVersion(version: number | null, own: number): OtherVersion {
  const isTolerated = version !== null && Math.abs(version - own) <= TOLERATED_VERSIONS;
  return {
    version,
    relation: version !== null && version < own ? 'older' : 'newer',
    outcome: isTolerated ? 'used' : 'refused',
  };
}
