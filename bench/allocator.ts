/** The allocator of the programs under test, as docker-compose.yml sets it. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };
