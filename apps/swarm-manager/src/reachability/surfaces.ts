/** The ways in which a node is reached: by clients, and by other nodes. */
export const SURFACES = ['public', 'peer'] as const;

export type Surface = (typeof SURFACES)[number];
