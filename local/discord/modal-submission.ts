import { checkChosen, presetOf } from "./choice.ts";
import { attachFile, type GivenFile } from "./command-options.ts";
import { numberComponents } from "./components.ts";
import type { Component, Interaction } from "./records.ts";
import { sendInteraction, type Occasion } from "./events.ts";
import { checkFileType } from "./file-types.ts";
import { describeMessage } from "./message-form.ts";
import { lengthOf } from "./message-rules.ts";
import { componentKind, interactionKind, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** What a person puts into a field: text, chosen values, a tick, files. */
export type FieldValue = string | string[] | boolean | { files: GivenFile[] };

/**
 * Sends off the modal that an event was answered with, as the one who sees it. What they leave out keeps its prefill, and
 * what was chosen for them stays chosen.
 */
export async function submitModal(
  world: World,
  { openedBy, values, ...occasion }: Occasion & { openedBy: Interaction; values: Record<string, FieldValue> },
): Promise<Interaction> {
  const { modal } = openedBy;
  if (modal === undefined) throw new Error("this event was not answered with a modal");
  if (occasion.user && occasion.user.id !== openedBy.user.id)
    throw new Error("only the one who opened it sees a modal");
  const attachments: Fields = {};
  const rows: Fields[] = [];
  const used = new Set<string>();
  for (const component of numberComponents(modal.components)) {
    const fill = async (field: Component): Promise<Fields> => {
      used.add(field.custom_id ?? "");
      return fillField(world, field, { value: values[field.custom_id ?? ""], attachments });
    };
    const { type, id } = component;
    if (type === componentKind.label && component.component)
      rows.push({ type, id, component: await fill(component.component) });
    else if (type === componentKind.row)
      rows.push({ type, id, components: await Promise.all((component.components ?? []).map(fill)) });
    else rows.push({ type, id });
  }
  const strange = Object.keys(values).find((name) => !used.has(name));
  if (strange !== undefined) throw new Error(`the modal has no field ${strange}, but ${[...used].join(", ")}`);
  const source = world.messages.get(openedBy.sourceMessageId ?? "");
  const resolved = Object.keys(attachments).length > 0 ? { resolved: { attachments } } : {};
  return sendInteraction(world, {
    occasion: {
      user: openedBy.user,
      channel: openedBy.channelId,
      authorizingIntegrationOwners: openedBy.owners,
      externalAppsOff: openedBy.externalAppsOff,
      attachmentSizeLimit: openedBy.fileBytes,
      ...occasion,
    },
    kind: interactionKind.modal,
    data: { custom_id: modal.custom_id, components: rows, ...resolved },
    message: source && describeMessage(world, source),
    sourceMessageId: openedBy.sourceMessageId,
    openedBy,
  });
}

async function fillField(
  world: World,
  field: Component,
  { value, attachments }: { value: FieldValue | undefined; attachments: Fields },
): Promise<Fields> {
  const { type, id, custom_id } = field;
  const told = { type, id, custom_id };
  if (type === componentKind.textInput) return { ...told, value: checkText(field, value ?? field.value ?? "") };
  if (type === componentKind.checkbox) return { ...told, value: (value ?? field.default) === true };
  const mayBeEmpty = field.required === false;
  if (type === componentKind.fileUpload) {
    const files = typeof value === "object" && "files" in value ? value.files : [];
    for (const { name } of files) checkFileType(String(custom_id), name, field.file_types);
    const ids = [];
    for (const file of files) ids.push(await attachFile(world, file, attachments));
    return { ...told, values: checkChosen(field, ids, { mayBeEmpty }) };
  }
  const chosen = checkChosen(field, value === undefined ? presetOf(field) : [value].flat().map(String), { mayBeEmpty });
  return type === componentKind.radioGroup ? { ...told, value: chosen[0] ?? null } : { ...told, values: chosen };
}

function checkText({ custom_id, required, min_length, max_length }: Component, value: FieldValue): string {
  if (typeof value !== "string") throw new Error(`${custom_id} is a text input`);
  if (value === "" && required !== false) throw new Error(`${custom_id} must not be empty`);
  const length = lengthOf(value);
  if (length > (max_length ?? 4000) || (value !== "" && length < (min_length ?? 0))) {
    throw new Error(`${custom_id} does not take ${length} characters`);
  }
  return value;
}
