import type { LoggerService } from '@nestjs/common';
import { faultFields } from './fault-fields.js';
import type { Log } from './log.js';

/**
 * Nest's own lines. Their text is free, so only the kind and place of a fault is kept, and nothing before the service
 * runs: a start that fails is told in a sentence by whoever started it.
 */
export class NestLog implements LoggerService {
  #isRunning = false;

  constructor(private readonly target: Log) {}

  /** From now on faults are logged. */
  running(): void {
    this.#isRunning = true;
  }

  log(): void {
    // start-up chatter
  }

  error(message: unknown): void {
    if (this.#isRunning) this.target.error('framework_fault', faultFields(message));
  }

  warn(): void {
    if (this.#isRunning) this.target.warn('framework_warning');
  }
}
