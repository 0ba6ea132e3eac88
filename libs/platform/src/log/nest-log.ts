import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/**
 * Nest's own lines. Their text is free, so only what Nest says about faults is kept, without its arguments;
 * the rest is of no use to an operator.
 */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(): void {
    // start-up chatter
  }

  error(message: unknown): void {
    this.target.error('framework_error', {
      reason: message instanceof Error ? message.name : 'see the stack of the fault',
    });
  }

  warn(message: unknown): void {
    this.target.warn('framework_warning', { reason: typeof message === 'string' ? message.slice(0, 200) : 'unnamed' });
  }
}
