import type { Primitives } from '../primitives.js';
import type { Circumstances } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { delegateKey, SUBACCOUNT_FLAGS, tokenGrants } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { MONITOR_ERRORS, MonitorRefusal } from './monitor-refusal.js';
import type { MonitorRequest } from './monitor-request.js';

const S = 1_000;
const DAY_MS = 86_400_000;
/** A subscription is signed once and renewed for so long, without its signer being there. */
const OLDEST_MS = 14 * DAY_MS;
const YOUNGEST_MS = DAY_MS;

/** Whether the sender may watch the account. docs/protocol/storage-rpc.md §10.2 and §10.3. Throws MonitorRefusal. */
export function authorizeMonitor(p: Primitives, request: MonitorRequest, at: Omit<Circumstances, 'forwarded'>): void {
  const { account, namespaces, wantsData, signedAtS, proof } = request;
  if (signedAtS * S < at.nowMs - OLDEST_MS) throw badTime('too old');
  if (signedAtS * S > at.nowMs + YOUNGEST_MS) throw badTime('in the future');
  const owner = proof.ed25519 ?? account.key; // the account was made of it
  if (proof.subaccount !== null) checkToken(p, request, owner, at.revoked);
  const signer = proof.subaccount === null ? owner : delegateKey(proof.subaccount.token);
  const signed = signingText.monitor(account.hex, signedAtS, wantsData, namespaces);
  if (!p.ed25519Verify(proof.signature, signed, signer)) throw badSignature(TEXTS.monitor.badSignature);
}

function checkToken(p: Primitives, { account, proof }: MonitorRequest, owner: Uint8Array, revoked: boolean): void {
  if (proof.subaccount === null) return;
  const { token, signature } = proof.subaccount;
  if (revoked) throw badToken('the token is revoked');
  if (!tokenGrants(token, account.prefix, 0)) throw badToken('the token is for accounts of another prefix');
  if (!tokenGrants(token, account.prefix, SUBACCOUNT_FLAGS.read)) throw badToken('the token does not grant reading');
  if (!p.ed25519Verify(signature, token, owner)) throw badToken('the token is not signed by the account');
}

const badTime = (why: string): MonitorRefusal => new MonitorRefusal(MONITOR_ERRORS.time, TEXTS.monitor.badTime(why));
const badToken = (why: string): MonitorRefusal => badSignature(TEXTS.monitor.badSubaccount(why));
const badSignature = (text: string): MonitorRefusal => new MonitorRefusal(MONITOR_ERRORS.signature, text);
