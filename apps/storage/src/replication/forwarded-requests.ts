import { Inject, Injectable } from '@nestjs/common';
import type { RecursiveRequest } from '#protocol';
import { DeleteHandler } from '../delete/delete.handler.js';
import { StoreHandler } from '../store/store.handler.js';
import type { NodeResult } from './node-result.js';

/** Requests that another member passed on: checked again in full, done here only, never passed further. */
@Injectable()
export class ForwardedRequests {
  constructor(
    @Inject(StoreHandler) private readonly store: StoreHandler,
    @Inject(DeleteHandler) private readonly remove: DeleteHandler,
  ) {}

  /** Throws ProtocolError for refusals. */
  run(request: RecursiveRequest): Promise<NodeResult> {
    switch (request.method) {
      case 'store':
        return this.store.forwarded(request);
      case 'delete':
        return this.remove.forwarded(request);
    }
  }
}
