import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ownBeginning } from '../lifecycle/process-beginning.js';
import { Readiness } from '../readiness.js';
import { MetricsText } from './metrics-text.js';

/** The part of a Fastify reply that is needed here. */
interface StatusReply {
  status(code: number): unknown;
}

/** Names this process to whoever may send it a signal: docs/operators/cli.md */
const PROCESS = { pid: process.pid, began: ownBeginning() };

/** Metrics and health of one service. Live: the process answers. Ready: it can do its work. */
@Controller()
export class AdminController {
  constructor(
    @Inject(MetricsText) private readonly text: MetricsText,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.text.read();
  }

  @Get('health/live')
  live(): { status: string; pid: number; began: string | null } {
    return { status: 'ok', ...PROCESS };
  }

  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: StatusReply): {
    status: string;
    problems: Readonly<Record<string, string>>;
  } {
    const { isReady } = this.readiness;
    reply.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'not ready', problems: this.readiness.problems() };
  }
}
