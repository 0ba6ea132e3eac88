import { Log, type LogFields } from '#platform';

/** Keeps what is logged. An `error` line means a fault of the node; the tests that use this fail on one. */
export class MemoryLog extends Log {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[] = [];

  private readonly waiting: ((event: string) => void)[] = [];

  /** Settles with the next `info` line of this event. */
  nextEvent(wanted: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (event: string): void => {
        if (event === wanted) resolve();
        else this.waiting.push(look);
      };
      this.waiting.push(look);
    });
  }

  trace(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'trace', event, fields });
  }

  debug(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', event, fields });
  }

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields });
    this.waiting.splice(0).forEach((look) => look(event));
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, fields });
  }

  get faults(): readonly string[] {
    return this.lines
      .filter((line) => line.level === 'error')
      .map((line) => `${line.event} ${line.fields.reason ?? ''}`);
  }
}
