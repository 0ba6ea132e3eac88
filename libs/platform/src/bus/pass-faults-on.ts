import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/** Nest would log a handler's fault in its own words and hand on a stand-in; `BusServer` wants the fault itself. */
@Catch()
export class PassFaultsOn implements RpcExceptionFilter {
  catch(cause: unknown): Observable<never> {
    return throwError(() => cause);
  }
}
