import type { Sample } from '#testing';

/** A part of the picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A series with the name that its legend gives it. */
export interface Named {
  readonly name: string;
  readonly samples: readonly Sample[];
}
