import { utf8 } from '#protocol';
import { SharedConfigMessage_Kind } from '../generated/session_pb.js';

/** One of the things an account or a group keeps in the network: docs/protocol/client-messages.md §4.1, §4.2. */
export interface ConfigKind {
  readonly namespace: number;
  /** Separates the keys of the kinds, ASCII. */
  readonly domain: string;
  /** What the protobuf wrapper says; null for group configs, which have none. */
  readonly kind: SharedConfigMessage_Kind | null;
}

export const CONFIG_KINDS = {
  userProfile: { namespace: 2, domain: 'UserProfile', kind: SharedConfigMessage_Kind.USER_PROFILE },
  contacts: { namespace: 3, domain: 'Contacts', kind: SharedConfigMessage_Kind.CONTACTS },
  convoInfoVolatile: { namespace: 4, domain: 'ConvoInfoVolatile', kind: SharedConfigMessage_Kind.CONVO_INFO_VOLATILE },
  userGroups: { namespace: 5, domain: 'UserGroups', kind: SharedConfigMessage_Kind.USER_GROUPS },
  groupInfo: { namespace: 13, domain: 'groups::Info', kind: null },
  groupMembers: { namespace: 14, domain: 'groups::Members', kind: null },
} as const satisfies Record<string, ConfigKind>;

export const domainBytes = ({ domain }: ConfigKind): Uint8Array => utf8(domain);
