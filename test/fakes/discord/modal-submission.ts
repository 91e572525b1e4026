import { attachFile, type GivenFile } from "./command-options.ts";
import type { Component } from "./components.ts";
import { sendInteraction, type Occasion } from "./events.ts";
import type { Interaction } from "./interactions.ts";
import { describeMessage } from "./message-form.ts";
import { lengthOf } from "./message-rules.ts";
import { componentKind, interactionKind, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** What a person puts into a field: text, chosen values, a tick, files. */
export type FieldValue = string | string[] | boolean | { files: GivenFile[] };

/** Somebody sends off the modal that an event was answered with. What they leave out keeps its prefill. */
export async function submitModal(
  world: World,
  { openedBy, values, ...occasion }: Occasion & { openedBy: Interaction; values: Record<string, FieldValue> },
): Promise<Interaction> {
  const { modal } = openedBy;
  if (modal === undefined) throw new Error("this event was not answered with a modal");
  const attachments: Fields = {};
  const rows: Fields[] = [];
  const used = new Set<string>();
  for (const [index, component] of modal.components.entries()) {
    const fill = async (field: Component): Promise<Fields> => {
      used.add(field.custom_id ?? "");
      return fillField(world, field, { value: values[field.custom_id ?? ""], attachments });
    };
    const id = component.id ?? index + 1;
    const { type } = component;
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
  const { type, custom_id } = field;
  const told = { type, id: field.id ?? 0, custom_id };
  if (type === componentKind.textInput) return { ...told, value: checkText(field, value ?? field.value ?? "") };
  if (type === componentKind.checkbox) return { ...told, value: value === true };
  if (type === componentKind.fileUpload) {
    const files = typeof value === "object" && "files" in value ? value.files : [];
    const ids = [];
    for (const file of files) ids.push(await attachFile(world, file, attachments));
    return { ...told, values: checkChosen(field, ids) };
  }
  const preset = (field.options ?? []).filter((option) => option.default === true).map((option) => option.value);
  const chosen = value === undefined ? preset : [value].flat().map(String);
  const strange = chosen.find((one) => field.options && !field.options.some((option) => option.value === one));
  if (strange !== undefined) throw new Error(`${custom_id} does not offer ${strange}`);
  if (type === componentKind.radioGroup) return { ...told, value: checkChosen(field, chosen)[0] ?? null };
  return { ...told, values: checkChosen(field, chosen) };
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

function checkChosen({ custom_id, required }: Component, chosen: string[]): string[] {
  if (chosen.length === 0 && required !== false) throw new Error(`${custom_id} must be answered`);
  return chosen;
}
