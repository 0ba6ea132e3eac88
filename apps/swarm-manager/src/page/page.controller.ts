import { Controller, Get, Header, Inject } from '@nestjs/common';
import { StatusReader } from '../status/status-reader.js';
import { SECURITY_POLICY } from './page-assets.js';
import { renderPage } from './status-page.js';

/** The status for people: one page at the root of the admin port. */
@Controller()
export class PageController {
  constructor(@Inject(StatusReader) private readonly reader: StatusReader) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', SECURITY_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-store')
  page(): string {
    return renderPage(this.reader.read());
  }
}
