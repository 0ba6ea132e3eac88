import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';

/**
 * Whether every proto2 `required` field is there, at every depth. The decoder does not check it, other readers of the
 * network do. A required enumeration with a value that we do not know counts as present: new values are no errors.
 */
export function hasRequiredFields(schema: DescMessage, message: Message): boolean {
  return isComplete(reflect(schema, message));
}

function isComplete(message: ReflectMessage): boolean {
  return message.fields.every((field) => {
    if (!message.isSet(field))
      return field.presence !== FeatureSet_FieldPresence.LEGACY_REQUIRED || hasUnknownValue(message, field);
    if (field.fieldKind === 'message') return isComplete(message.get(field));
    if (field.fieldKind === 'list' && field.listKind === 'message') {
      for (const item of message.get(field)) if (!isComplete(item as ReflectMessage)) return false;
    }
    return true;
  });
}

function hasUnknownValue(message: ReflectMessage, field: DescField): boolean {
  return field.fieldKind === 'enum' && (message.getUnknown() ?? []).some(({ no }) => no === field.number);
}
