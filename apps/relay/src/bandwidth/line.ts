/** What this process may move to and from others. Asked before a body is taken, and told of every body that moves. */
export abstract class Line {
  /** Whether a body of so many bytes may come; nothing of it has. */
  abstract admits(bytes: number): boolean;
  /** Whether there is less room than even for what other members of the swarm send, which is refused last. */
  abstract get isOverdrawn(): boolean;
  /**
   * A piece of a body that came. False when the rest is not worth reading. `before`: what had come of it; `announced`: its
   * length, 0 where it is not known.
   */
  abstract receive(bytes: number, before: number, announced?: number): boolean;
  /** A whole body that is about to go out. */
  abstract send(bytes: number): void;
}

/** A line without a bound: nothing is counted and nothing refused. */
export class OpenLine extends Line {
  override readonly isOverdrawn = false;

  override admits(): boolean {
    return true;
  }

  override receive(): boolean {
    return true;
  }

  override send(): void {
    // nobody asks how much
  }
}
